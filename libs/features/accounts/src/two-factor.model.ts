import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema } from 'mongoose';

const secret = { type: String, required: true };

/** Part of the user's document. */
export const twoFactorSchema = new Schema(
  {
    pending: { type: new Schema({ secret }, { ...schemaOptions, _id: false }), required: false },
    enabled: {
      type: new Schema(
        {
          secret,
          since: { type: Date, required: true },
          lastStep: { type: Number, required: true },
          recoveryCodes: { type: [String], required: true },
        },
        { ...schemaOptions, _id: false },
      ),
      required: false,
    },
  },
  { ...schemaOptions, _id: false },
);
