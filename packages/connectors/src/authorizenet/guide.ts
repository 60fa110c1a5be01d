export const authorizeNetGuide: readonly string[] = [
  'In the Authorize.Net Merchant Interface open Account, Settings, Security Settings, API Credentials and Keys. Have a new Signature Key made and copy its 128 characters into a credential of this account.',
  'Under Account, Settings, Business Settings, Webhooks add an endpoint with this account’s webhook URL, and set it active.',
  'Tick all payment, customer and subscription events.',
  'Set currency to the currency of the account: notifications name none, and amounts are in whole units of it.',
  'Disputes and returned electronic checks are not told by any event; read them in the Merchant Interface.',
  'If you authorise first and capture later, release goods on the capture only: net.authorize.payment.fraud.approved does not say whether the payment was captured, and raises payment_succeeded.',
  'A new Signature Key replaces the old one, at once or after 24 hours, as you choose. Let the old one live, add the new one as a second credential, and remove the old one after two weeks, when nothing signed with it is repeated any more.',
];
