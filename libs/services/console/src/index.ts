export { consoleHost } from './console-host.js';
export { makeSignInLink } from './sign-in-links.js';
