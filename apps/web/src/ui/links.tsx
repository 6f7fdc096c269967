import { ActionIcon, Anchor, Button, NavLink } from '@mantine/core';
import type { ActionIconProps, AnchorProps, ButtonProps, NavLinkProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

type Native<Props> = Omit<ComponentProps<'a'>, keyof Props>;

/** Text link to a page of this site. */
export const TextLink = createLink((props: AnchorProps & Native<AnchorProps>) => <Anchor {...props} />);

/** A link that looks like a button. */
export const ButtonLink = createLink((props: ButtonProps & Native<ButtonProps>) => <Button component="a" {...props} />);

/** A link that is one icon; needs an `aria-label`. */
export const IconLink = createLink((props: ActionIconProps & Native<ActionIconProps>) => (
  <ActionIcon component="a" {...props} />
));

/** An entry of a side navigation. */
export const SideLink = createLink((props: NavLinkProps & Native<NavLinkProps>) => (
  <NavLink component="a" {...props} />
));
