export type { Answer, Outcome } from './answer.js';
export { LONGEST_URL, readUrl, type UrlSettings } from './url-rule.js';
