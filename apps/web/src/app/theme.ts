import { Badge, Button, Card, Container, Drawer, Modal, Paper, Skeleton, createTheme, rem } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

/** Deep green of a painted cart: the primary colour. */
const pine: MantineColorsTuple = [
  '#eff7f3',
  '#dcebe3',
  '#b5d6c6',
  '#8bc0a7',
  '#68ae8d',
  '#52a27c',
  '#3f8b69',
  '#2f7256',
  '#1d4a3b',
  '#123429',
];

/** Fired clay: sales, warnings of low stock, small accents. */
const clay: MantineColorsTuple = [
  '#fdf1ea',
  '#f6e0d3',
  '#ecbfa4',
  '#e29c73',
  '#d97e4a',
  '#d46b31',
  '#c95f26',
  '#b04f1d',
  '#964216',
  '#7a3510',
];

/** Greys with a little warmth, replacing the cool default ones. */
const gray: MantineColorsTuple = [
  '#f8f7f5',
  '#f1efec',
  '#e7e4df',
  '#d8d4cd',
  '#bdb8af',
  '#9a958b',
  '#767168',
  '#57534c',
  '#393631',
  '#211f1c',
];

const sans =
  '"Inter", "Helvetica Neue", "Segoe UI", "SF Pro Text", "Liberation Sans", Roboto, system-ui, -apple-system, sans-serif';

export const theme = createTheme({
  colors: { pine, clay, gray },
  primaryColor: 'pine',
  primaryShade: 8,
  black: '#211f1c',
  defaultRadius: 'md',
  radius: { xs: rem(3), sm: rem(5), md: rem(9), lg: rem(14), xl: rem(22) },
  fontFamily: sans,
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.55', lg: '1.6', xl: '1.65' },
  headings: {
    fontFamily: sans,
    fontWeight: '680',
    sizes: {
      h1: { fontSize: 'clamp(1.75rem, 1.3rem + 1.8vw, 2.5rem)', lineHeight: '1.12' },
      h2: { fontSize: 'clamp(1.3rem, 1.1rem + 0.8vw, 1.65rem)', lineHeight: '1.2' },
      h3: { fontSize: rem(19), lineHeight: '1.3' },
      h4: { fontSize: rem(16), lineHeight: '1.35' },
    },
  },
  shadows: {
    xs: '0 1px 2px rgb(33 31 28 / 6%)',
    sm: '0 2px 8px rgb(33 31 28 / 7%)',
    md: '0 8px 28px rgb(33 31 28 / 10%)',
  },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { fw: 600 } }),
    // A state that is cut off tells nothing: columns beside it give way.
    Badge: Badge.extend({
      defaultProps: { radius: 'sm', tt: 'none', fw: 600 },
      styles: { root: { minWidth: 'max-content' } },
    }),
    Card: Card.extend({ defaultProps: { withBorder: true, shadow: 'none' } }),
    Paper: Paper.extend({ defaultProps: { withBorder: true } }),
    Container: Container.extend({ defaultProps: { size: 1240 } }),
    Modal: Modal.extend({ styles: { title: { fontSize: rem(19), fontWeight: 680 } } }),
    Drawer: Drawer.extend({ styles: { title: { fontSize: rem(19), fontWeight: 680 } } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 'md' } }),
  },
});

/** Quieter backgrounds for what is drawn in the "light" variant: badges, alerts, active links. */
export const resolveVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-placeholder': colors.gray[6],
    '--mantine-color-error': colors.red[9],
    '--mantine-color-pine-light': '#e5f1eb',
    '--mantine-color-pine-light-hover': colors.pine?.[1] ?? '',
    '--mantine-color-clay-light': '#faeae0',
    '--mantine-color-clay-light-hover': colors.clay?.[1] ?? '',
  },
  dark: {},
});
