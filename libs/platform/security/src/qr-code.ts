import { toDataURL } from 'qrcode';

/** A text as a QR code: a PNG in a data URL, for an `img` as it stands. */
export const qrCodeOf = (text: string): Promise<string> =>
  toDataURL(text, { errorCorrectionLevel: 'M', margin: 2, width: 264 });
