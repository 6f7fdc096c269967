export { sniffPicture, PICTURE_TYPES } from './sniff.ts';
export type { PictureType } from './sniff.ts';
export { renderPicture } from './render.ts';
export type { RenderedPicture, PictureRefusal } from './render.ts';
