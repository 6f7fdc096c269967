import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTrpc } from '../../../app/shop-context.tsx';
import { ButtonLink } from '../../../ui/links.tsx';
import { MailedLink, ToTheShop } from './mailed-link.tsx';

/** What the account looks like has changed: whatever shows it reads it again. */
function useReloadAccount(): () => Promise<void> {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries(trpc.account.me.queryFilter());
}

export function VerifyEmailPage() {
  const onSuccess = useReloadAccount();
  return (
    <MailedLink
      title="Confirm your address"
      description="One click, and we know that mail reaches you."
      action="Confirm my address"
      done="Thank you, your address is confirmed."
      mutation={useMutation(useTrpc().auth.verifyEmail.mutationOptions({ onSuccess }))}
      next={<ToTheShop />}
    />
  );
}

export function ConfirmEmailPage() {
  const onSuccess = useReloadAccount();
  return (
    <MailedLink
      title="Your new address"
      description="From now on you sign in with it, and our mails go there."
      action="Use this address"
      done="Your account uses this address now."
      mutation={useMutation(useTrpc().account.confirmEmailChange.mutationOptions({ onSuccess }))}
      next={<ToTheShop />}
    />
  );
}

export function UndoEmailChangePage() {
  return (
    <MailedLink
      title="Take your account back"
      description="Your account gets this address again, and a second factor of the last days is turned off. Every device is signed out, and you choose a new password."
      action="Take my account back"
      done="It’s yours again. We have mailed you a link for a new password."
      mutation={useMutation(useTrpc().account.undoEmailChange.mutationOptions())}
      next={<ToTheShop />}
    />
  );
}

export function KeepAccountPage() {
  const onSuccess = useReloadAccount();
  return (
    <MailedLink
      title="Keep your account"
      description="You asked us to delete it. If you have thought better of it, keep it here."
      action="Keep my account"
      done="Good to have you back. Nothing will be deleted."
      mutation={useMutation(useTrpc().account.cancelRemoval.mutationOptions({ onSuccess }))}
      next={
        <ButtonLink to="/account" variant="default">
          To your account
        </ButtonLink>
      }
    />
  );
}
