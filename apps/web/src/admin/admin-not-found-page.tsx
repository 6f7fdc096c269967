import { ButtonLink } from '../ui/links.tsx';
import { NotFoundPage } from '../ui/not-found-page.tsx';

/** The dashboard's 404 page: unlike the shop's it leads back to the dashboard. */
export function AdminNotFoundPage(what: { title?: string; description?: string }) {
  return <NotFoundPage {...what} ways={<ButtonLink to="/admin">Back to the dashboard</ButtonLink>} />;
}
