/** Documents are copied together into blocks of about this size: small enough to be kept for one of them. */
const BLOCK_BYTES = 16 * 1024;

/**
 * Copies documents out of the message that they came in. A stored document would keep the whole message in memory, up to
 * 48 MB, for as long as it lives; its block is all that it keeps this way. Neighbours share one, as a block for each
 * would take more than many a document.
 */
export function packBytes(documents: readonly Uint8Array[]): Uint8Array[] {
  const packed: Uint8Array[] = [];
  for (let from = 0; from < documents.length;) {
    let end = from;
    let size = 0;
    do {
      size += (documents[end] as Uint8Array).length;
      end += 1;
    } while (end < documents.length && size + (documents[end] as Uint8Array).length <= BLOCK_BYTES);
    const block = Buffer.allocUnsafeSlow(size);
    for (let at = 0; from < end; from++) {
      const document = documents[from] as Uint8Array;
      block.set(document, at);
      packed.push(block.subarray(at, at + document.length));
      at += document.length;
    }
  }
  return packed;
}
