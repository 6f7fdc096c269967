import { useState } from 'react';
import { IconPhoto } from '@tabler/icons-react';
import { useMediaUrl } from '../app/shop-context.tsx';
import classes from './product-image.module.css';

interface ProductImageProps {
  image: string | null | undefined;
  /** What the picture shows; empty where the text beside it says so already. */
  alt: string;
  /** Fixed size in pixels; the whole width of its place without one. */
  size?: number;
  eager?: boolean;
}

/** A square picture on a quiet tile, with a placeholder when there is none or it fails to load. */
export function ProductImage({ image, alt, size, eager = false }: ProductImageProps) {
  const toUrl = useMediaUrl();
  const [failed, setFailed] = useState<string | null>(null);
  const style = size === undefined ? undefined : { width: size, flex: `0 0 ${size}px` };
  return (
    <div className={classes['tile']} style={style}>
      {image && failed !== image ? (
        <img
          src={toUrl(image)}
          alt={alt}
          width={600}
          height={600}
          loading={eager ? 'eager' : 'lazy'}
          decoding="async"
          onError={() => setFailed(image)}
        />
      ) : (
        <IconPhoto size={size === undefined ? 40 : Math.max(16, size / 3)} stroke={1.2} aria-hidden />
      )}
    </div>
  );
}
