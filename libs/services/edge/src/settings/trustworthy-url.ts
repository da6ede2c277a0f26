import ipaddr from 'ipaddr.js';

/** Whether the host name or address can only be this machine. */
export const isLoopback = (host: string): boolean => {
  const address = host.replace(/^\[|\]$/g, '');
  return address === 'localhost' || (ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback');
};

/** Plain http is readable and changeable on its way, so it may only reach this machine. */
export const isTrustworthyUrl = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
};
