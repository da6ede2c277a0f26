import { OneOf, PageInput, Text } from '@keyledger/edge';

const sorts = ['-createdAt', 'createdAt', 'name', '-name'] as const;
export type Sort = (typeof sorts)[number];

export const isByName = (sort: Sort): boolean => sort === 'name' || sort === '-name';

/** What every list of named things takes beside its own filters. */
export class ListInput extends PageInput {
  @Text({ min: 0, max: 200, optional: true, description: 'Only what has a name, public part or id that begins so.' })
  q?: string;

  @OneOf(sorts, {
    optional: true,
    description: '`-createdAt` unless given. Names sort in any case; what has no name comes last, either way.',
  })
  sort: Sort = '-createdAt';
}
