export type { Answer, Outcome } from './answer.js';
export { Sender, type SenderParts, type SenderSettings } from './sender.js';
export { LONGEST_URL, readUrl, type UrlSettings } from './url-rule.js';
