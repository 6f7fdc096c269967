import { ActionIcon } from '@mantine/core';
import { IconHeart, IconHeartFilled } from '@tabler/icons-react';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useSession } from '../../app/shop-context.tsx';
import { useWish } from '../../app/wishlist.tsx';

interface WishButtonProps {
  product: { id: string; title: string };
  size?: 'md' | 'xl';
  className?: string | undefined;
}

/** The heart of a product; visitors are asked to sign in first. */
export function WishButton({ product, size = 'md', className }: WishButtonProps) {
  const session = useSession();
  const navigate = useNavigate();
  const { href } = useLocation();
  const { wished, toggle } = useWish(product.id);
  const isWished = session !== null && wished;
  const Icon = isWished ? IconHeartFilled : IconHeart;
  return (
    <ActionIcon
      variant="white"
      c={isWished ? 'clay.7' : 'gray.7'}
      radius="xl"
      size={size === 'md' ? 34 : 42}
      className={className ?? ''}
      aria-label={`${product.title} on your wishlist`}
      aria-pressed={isWished}
      onClick={() => (session ? toggle() : void navigate({ to: '/sign-in', search: { next: href } }))}
    >
      <Icon size={size === 'md' ? 18 : 22} aria-hidden />
    </ActionIcon>
  );
}
