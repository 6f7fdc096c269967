import {
  IconArmchair,
  IconBackpack,
  IconBook,
  IconBulb,
  IconDeviceLaptop,
  IconHammer,
  IconHeadphones,
  IconLeaf,
  IconMoodKid,
  IconPaw,
  IconPencil,
  IconShirt,
  IconSoup,
  IconTag,
  IconToolsKitchen2,
  IconTrekking,
  IconBath,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';

/** Words in a category's slug and the picture they call for; the first match wins. */
const ICONS: readonly (readonly [RegExp, Icon])[] = [
  [/furniture|chair|sofa|living|bedroom|home/, IconArmchair],
  [/\b(?:pets?|dogs?|cats?)\b/, IconPaw],
  [/audio|music|headphone|hi-fi/, IconHeadphones],
  [/kitchen|cook|dining|tableware/, IconToolsKitchen2],
  [/light|lamp/, IconBulb],
  [/outdoor|camp|hik|sport|travel/, IconTrekking],
  [/bag|luggage/, IconBackpack],
  [/garden|plant/, IconLeaf],
  [/tool|workshop|hardware/, IconHammer],
  [/cloth|apparel|wear|fashion/, IconShirt],
  [/office|desk|station|paper/, IconPencil],
  [/electronic|tech|computer/, IconDeviceLaptop],
  [/bath|textile|linen/, IconBath],
  [/kid|toy|play|baby/, IconMoodKid],
  [/book/, IconBook],
  [/food|pantry|drink|grocer/, IconSoup],
];

/** An icon that suits a category by its slug, a tag when none does. */
export function categoryIcon(slug: string): Icon {
  return ICONS.find(([pattern]) => pattern.test(slug))?.[1] ?? IconTag;
}
