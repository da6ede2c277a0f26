import { NestedList, OneOf, Text } from '@keyledger/edge';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'ANY'] as const;

class ApiEndpointInput {
  @Text({ max: 64, pattern: /^[\w.:-]+$/, example: 'invoices.list' }) endpointId!: string;
  @OneOf(methods) method!: (typeof methods)[number];
  @Text({
    max: 200,
    pattern: /^\/(?!.*(?:\/\/|\/\.{1,2}(?:\/|$)|%2[fF]))(?!\/|\.{1,2}(?:\/|$))[^\s?#]*$/,
    description: 'Without a query, dot segments, empty segments or encoded slashes.',
    example: '/invoices/{id}',
  })
  path!: string;
  @OneOf(['active', 'retired'], { optional: true, description: 'A retired one counts as not listed.' })
  status?: 'active' | 'retired';
}

export class ReplaceApiEndpointsInput {
  @NestedList(ApiEndpointInput, { maxItems: 1000 }) endpoints!: ApiEndpointInput[];
}
