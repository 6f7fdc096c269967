import { useState } from 'react';
import { pictureVariants } from '@cartwright/sdk';
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
  /** How wide it is on which screens, where it takes the width of its place; as in the attribute of that name. */
  sizes?: string;
}

/** A card's picture: two beside each other on a phone, four on a large screen. */
const CARD_SIZES = '(max-width: 48em) 50vw, 320px';

/** The widths to choose from, of a picture that comes in several. */
function srcSetOf(url: string): string | undefined {
  const variants = pictureVariants(url).flatMap(({ url: each, width }) =>
    width === undefined ? [] : `${each} ${width}w`,
  );
  return variants.length > 1 ? variants.join(', ') : undefined;
}

/** A square picture on a quiet tile, with a placeholder when there is none or it fails to load. */
export function ProductImage({ image, alt, size, eager = false, sizes = CARD_SIZES }: ProductImageProps) {
  const toUrl = useMediaUrl();
  const [failed, setFailed] = useState<string | null>(null);
  const style = size === undefined ? undefined : { width: size, flex: `0 0 ${size}px` };
  return (
    <div className={classes['tile']} style={style}>
      {image && failed !== image ? (
        <img
          {...(srcSetOf(image) ? { srcSet: srcSetOf(image), sizes: size === undefined ? sizes : `${size}px` } : {})}
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
