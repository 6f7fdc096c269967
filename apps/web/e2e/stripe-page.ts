import type { Page } from 'playwright-core';

const CARD = '4242 4242 4242 4242';

/** Pays on the stand-in's page and waits until the buyer is sent back to the shop. */
export async function payAtStandIn(page: Page, url: string, shopUrl: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId('card').fill(CARD);
  await page.getByTestId('pay').click();
  await page.waitForURL((address) => address.href.startsWith(shopUrl));
}

/**
 * Pays on Stripe's own page with its test card and waits until the buyer is sent back to the shop. Stripe documents no
 * names for the fields of its page: these are the ones it had in 2026, and the fields it asks for vary by account.
 */
export async function payAtStripe(page: Page, url: string, shopUrl: string): Promise<void> {
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  const submit = page.getByTestId('hosted-payment-submit-button');
  await submit.waitFor();
  // With several methods to choose from, the card's fields appear once it is chosen.
  const chooseCard = page.getByTestId('card-accordion-item-button');
  if (await chooseCard.isVisible()) await chooseCard.click();
  await page.locator('#cardNumber').fill(CARD);
  await page.locator('#cardExpiry').fill('12 / 34');
  await page.locator('#cardCvc').fill('123');
  const fillIn = async (selector: string, value: string): Promise<void> => {
    const field = page.locator(selector);
    if (await field.isVisible()) await field.fill(value);
  };
  await fillIn('#billingName', 'Ada Lovelace');
  const country = page.locator('#billingCountry');
  if (await country.isVisible()) await country.selectOption('US');
  await fillIn('#billingPostalCode', '97201');
  // An offer to save the card asks for a phone number when it is taken.
  const save = page.locator('#enableStripePass');
  if ((await save.isVisible()) && (await save.isChecked())) await save.uncheck();
  await submit.click();
  await page.waitForURL((address) => address.href.startsWith(shopUrl), { timeout: 90_000 });
}
