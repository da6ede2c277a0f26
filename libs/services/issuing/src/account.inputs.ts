import { Flag, OneOf, Text, Texts } from '@keyledger/edge';
import ipaddr from 'ipaddr.js';

export class RegisterAccountInput {
  @Text({ max: 200, description: 'Shown to people.', example: 'Acme Ltd' }) name!: string;
  @Text({
    max: 200,
    optional: true,
    nullable: true,
    description: 'Your own id of the customer; unique, never changes.',
  })
  externalId?: string | null;
}

export class UpdateAccountInput {
  @Text({ max: 200, optional: true }) name?: string;
}

export class SetPlanInput {
  @OneOf(['free', 'paid']) tier!: 'free' | 'paid';
  @Flag() paymentMethodOnFile!: boolean;
}

/** No leading zeros and no hexadecimal: readers disagree about what those mean. */
const decimalIpv4 = /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})\/(?:0|[1-9]\d?)$/;

/** An address block as RFC 4632 and RFC 4291 write it, without bits beyond its prefix. */
const isCidr = (text: string): boolean => {
  if (!ipaddr.isValidCIDR(text)) return false;
  const isIpv6 = text.includes(':');
  if (!isIpv6 && !decimalIpv4.test(text)) return false;
  const network = (isIpv6 ? ipaddr.IPv6 : ipaddr.IPv4).networkAddressFromCIDR(text);
  return ipaddr.parseCIDR(text)[0].toString() === network.toString();
};

/** The one way to write a block, so that the same one is not listed twice. `text` must be one. */
export const canonicalCidr = (text: string): string => {
  const [address, bits] = ipaddr.parseCIDR(text);
  return `${address.toString()}/${bits}`;
};

export class SetIpAllowlistInput {
  @Texts({
    maxItems: 200,
    maxLength: 49,
    description: 'IPv4 and IPv6 blocks; none means no restriction.',
    valid: { message: 'must be an address block such as 192.0.2.0/24 or 2001:db8::/32', test: isCidr },
  })
  cidrs!: string[];
}
