import { ActionIcon, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { ProductImage } from '../../../ui/product-image.tsx';
import { isWorthAnotherTry, pictureWords } from './picture-words.ts';
import type { PictureUpload } from './use-picture-uploads.ts';

interface UploadRowProps {
  upload: PictureUpload;
  onRemove: () => void;
  onRetry: () => void;
}

/** A picture on its way: how far it is, or why it didn't get there. */
export function UploadRow({ upload: { name, preview, share, error }, onRemove, onRetry }: UploadRowProps) {
  const percent = Math.round(share * 100);
  const isFailed = error !== undefined;
  return (
    <Group wrap="nowrap" gap="sm" component="li">
      <ProductImage image={preview} alt="" size={44} />
      <Stack gap={4} flex={1} miw={0}>
        <Text size="sm" truncate>
          {name}
        </Text>
        {isFailed ? (
          <Text size="sm" c="red.8" role="alert">
            {pictureWords(error)}
          </Text>
        ) : (
          <Group gap="xs" wrap="nowrap">
            <Progress value={percent} animated={share === 1} flex={1} aria-label={`Upload of ${name}`} />
            <Text size="xs" c="dimmed" w={92} ta="right">
              {share === 1 ? 'Being checked' : `${percent} %`}
            </Text>
          </Group>
        )}
      </Stack>
      {isFailed && isWorthAnotherTry(error) && (
        <Button size="compact-sm" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`${isFailed ? 'Put away' : 'Cancel'} ${name}`}
        onClick={onRemove}
      >
        <IconX size={16} />
      </ActionIcon>
    </Group>
  );
}
