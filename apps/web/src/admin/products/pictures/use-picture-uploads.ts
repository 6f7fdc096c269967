import { uploadFile, type RouterOutputs } from '@cartwright/sdk';
import { useEffect, useRef, useState } from 'react';
import { useShop } from '../../../app/shop-context.tsx';
import { refusalOf } from './picture-words.ts';

export type ProductDetail = RouterOutputs['admin']['products']['images']['attach'];

/** One picture on its way to the product. */
export interface PictureUpload {
  id: number;
  name: string;
  /** Of the file itself, to be seen meanwhile. */
  preview: string;
  /** How much has left, from 0 to 1; all of it means that the shop looks at it. */
  share: number;
  error?: unknown;
}

/** Files on their way at once: more only make all of them slower. */
const AT_ONCE = 3;

/**
 * Uploads pictures and gives them to a product, in the order in which they were chosen. Those that failed stay until they
 * are put away; leaving the page gives up what is under way.
 */
export function usePictureUploads(productId: string, onChange: (product: ProductDetail) => void) {
  const shop = useShop();
  const [uploads, setUploads] = useState<readonly PictureUpload[]>([]);
  const controllers = useRef(new Map<number, AbortController>());
  const files = useRef(new Map<number, File>());
  const lastId = useRef(0);
  const waiting = useRef<number[]>([]);
  const running = useRef(0);
  // One is added after the other: the product that comes back last is then the newest.
  const adding = useRef<Promise<unknown>>(Promise.resolve());
  const told = useRef(onChange);
  useEffect(() => {
    told.current = onChange;
  });

  const change = (id: number, news: Partial<PictureUpload>) =>
    setUploads((all) => all.map((upload) => (upload.id === id ? { ...upload, ...news } : upload)));
  const putAway = (id: number) => {
    files.current.delete(id);
    controllers.current.delete(id);
    setUploads((all) => {
      const gone = all.find((upload) => upload.id === id);
      if (gone) URL.revokeObjectURL(gone.preview);
      return all.filter((upload) => upload.id !== id);
    });
  };

  async function send(id: number, file: File): Promise<void> {
    const controller = new AbortController();
    controllers.current.set(id, controller);
    const { signal } = controller;
    try {
      const onProgress = (share: number) => change(id, { share });
      const { uploadId } = await uploadFile(shop, file, { purpose: 'product_image', onProgress, signal });
      const turn = adding.current.then(async () => {
        signal.throwIfAborted();
        told.current(await shop.api.admin.products.images.attach.mutate({ productId, uploadId }));
      });
      adding.current = turn.catch(() => undefined);
      await turn;
      putAway(id);
    } catch (error) {
      if (signal.aborted) putAway(id);
      else change(id, { error });
    }
  }

  function next(): void {
    while (running.current < AT_ONCE) {
      const id = waiting.current.shift();
      if (id === undefined) return;
      const file = files.current.get(id);
      if (!file) continue;
      running.current += 1;
      void send(id, file).finally(() => {
        running.current -= 1;
        next();
      });
    }
  }

  useEffect(() => {
    const underWay = controllers.current;
    return () => {
      waiting.current = [];
      for (const controller of underWay.values()) controller.abort();
    };
  }, []);

  return {
    uploads,
    add(chosen: readonly File[]): void {
      const added = chosen.map((file): PictureUpload => {
        const id = (lastId.current += 1);
        const error = refusalOf(file);
        files.current.set(id, file);
        if (error === undefined) waiting.current.push(id);
        const about = { id, name: file.name, preview: URL.createObjectURL(file), share: 0 };
        return error === undefined ? about : { ...about, error };
      });
      setUploads((all) => [...all, ...added]);
      next();
    },
    /** Gives one up that is under way, or puts one away that failed. */
    remove(id: number): void {
      const controller = controllers.current.get(id);
      controller?.abort();
      putAway(id);
    },
    retry(id: number): void {
      change(id, { error: undefined, share: 0 });
      waiting.current.push(id);
      next();
    },
  };
}
