import { api } from '../api/client.js';
import { queryClient } from '../api/query-client.js';
import { catalogueQuery } from '../applications/application-queries.js';
import { wanted, type Catalogue, type Edits } from './catalogue-edits.js';

interface Saved {
  readonly position: string;
  readonly catalogue: Catalogue;
}

const revisionIn = (response: Response): number | null => {
  const [, revision] = /^"(\d+)"$/.exec(response.headers.get('etag') ?? '') ?? [];
  return revision === undefined ? null : Number(revision);
};

/** Saves the whole list, only as long as it is as the person has seen it. */
export const saveCatalogue = async (base: Catalogue, edits: Edits): Promise<Saved> => {
  const body = { endpoints: wanted(base, edits), revision: base.revision };
  const { data, response } = await api.PUT('/v1/api-endpoints', { body });
  if (data === undefined) throw new Error('The answer was empty.');
  const { endpoints, position } = data;
  return { position, catalogue: { endpoints, revision: revisionIn(response) } };
};

/** Shows the answer of a write at once. */
export const showCatalogue = (catalogue: Catalogue): void =>
  void queryClient.setQueryData(catalogueQuery.queryKey, catalogue);
