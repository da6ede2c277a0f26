import { randomUUID } from 'node:crypto';
import type {
  ApiEndpoint,
  ApiEndpointsReply,
  ApiEndpointCatalogue,
  ApplicationReply,
  ApplicationSummary,
  IssuedCredentialReply,
  Page,
  RegisterApplicationReply,
} from '@keyledger/contract';
import { journeyAs, newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const REGISTER = 'ApplicationService/RegisterApplication';
const CREATE = 'CredentialService/CreateCredential';
const NINETY_DAYS_MS = 90 * 24 * 60 * 60 * 1000;
const absentApplication = 'app_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10';

const register = (journey: Journey, fields: object): Promise<RegisterApplicationReply> =>
  journey.does<RegisterApplicationReply>(REGISTER, { title: 'Partner portal', endpointIds: [], ...fields });

const addPair = (journey: Journey, applicationId: string, environment: string): Promise<IssuedCredentialReply> =>
  journey.does<IssuedCredentialReply>(CREATE, { type: 'app_key_pair', applicationId, environment });

const applications = async (journey: Journey): Promise<readonly ApplicationSummary[]> =>
  (await journey.does<Page<ApplicationSummary>>('ApplicationService/ListApplications')).items;

const catalogue = (journey: Journey): Promise<ApiEndpointCatalogue> =>
  journey.does<ApiEndpointCatalogue>('CatalogueService/GetApiEndpoints');

const endpoint = (name: string) => ({ endpointId: `e2e.${name}`, method: 'GET', path: `/${name}/{id}` });

/** Adds endpoints to the catalogue of the installation, which other suites use too, and answers with their ids. */
const addEndpoints = async (journey: Journey, count: number): Promise<readonly string[]> => {
  const { endpoints } = await catalogue(journey);
  const added = Array.from({ length: count }, () => endpoint(randomUUID()));
  await journey.does('CatalogueService/ReplaceApiEndpoints', { endpoints: [...endpoints, ...added] });
  return added.map(({ endpointId }) => endpointId);
};

const replace = async (journey: Journey, endpoints: readonly object[]): Promise<readonly ApiEndpoint[]> =>
  (await journey.does<ApiEndpointsReply>('CatalogueService/ReplaceApiEndpoints', { endpoints })).endpoints;

const retire = async (journey: Journey, retired: string): Promise<readonly ApiEndpoint[]> => {
  const { endpoints } = await catalogue(journey);
  return replace(
    journey,
    endpoints.filter(({ endpointId }) => endpointId !== retired),
  );
};

describe.each(visit.doors)('R4, applications with key pairs, over $name', (door) => {
  test('the catalogue is written by operators and read by everyone', async () => {
    const journey = await newJourney(visit, door);
    const [endpointId = ''] = await addEndpoints(journey, 1);
    const viewer = await journeyAs(visit, journey, 'viewer');
    const entry = { ...endpoint(endpointId.replace('e2e.', '')), status: 'active' };
    const { endpoints, revision } = await catalogue(viewer);
    expect(endpoints).toContainEqual(entry);
    expect(revision).toEqual(expect.any(Number));
    expect(await viewer.isRefused('CatalogueService/ReplaceApiEndpoints', { endpoints: [] })).toMatchObject({
      code: 'forbidden',
    });
    expect(
      await journey.isRefused('CatalogueService/ReplaceApiEndpoints', { endpoints: [entry, entry] }),
    ).toMatchObject({ code: 'invalid-request' });
    const { application } = await register(journey, { endpointIds: [endpointId] });
    const answered = await retire(journey, endpointId);
    const retired = await catalogue(viewer);
    expect(retired.endpoints).toContainEqual({ ...entry, status: 'retired' });
    expect(answered).toEqual(retired.endpoints);
    expect(await replace(journey, retired.endpoints)).toEqual(retired.endpoints);
    expect((await catalogue(viewer)).endpoints).toEqual(retired.endpoints);
    const { applicationId } = application;
    await journey.does('ApplicationService/SetApplicationEndpoints', { applicationId, endpointIds: [] });
    const { endpoints: left } = await catalogue(viewer);
    expect(left.map((each) => each.endpointId)).not.toContain(endpointId);
    expect(await replace(journey, left)).toEqual(left);
    expect(await replace(journey, retired.endpoints)).toEqual(left);
  });

  test('an application is registered with endpoints and its first key pair in one step', async () => {
    const journey = await newJourney(visit, door);
    const endpointIds = await addEndpoints(journey, 2);
    const reply = await register(journey, {
      description: 'For partners',
      endpointIds,
      generateKeys: { environment: 'staging' },
    });
    const { application, credential, secret = {} } = reply;
    expect(application).toMatchObject({ title: 'Partner portal', description: 'For partners' });
    expect(application.applicationId).toMatch(/^app_[0-9a-f-]{36}$/);
    expect(application.endpoints.map(({ endpointId }) => endpointId)).toEqual(endpointIds);
    expect(Object.keys(secret).sort()).toEqual(['secretKey', 'sharedKey']);
    expect(secret['sharedKey']).toMatch(/^kps_[0-9A-Za-z]{22}$/);
    expect(secret['secretKey']).toMatch(/^kpk_[0-9A-Za-z]{49}$/);
    const { applicationId } = application;
    expect(credential).toMatchObject({ type: 'app_key_pair', environment: 'staging', applicationId, mode: null });
    const { endpoints, ...summary } = application;
    expect(await applications(journey)).toMatchObject([{ ...summary, endpointCount: endpoints.length }]);
    expect(await journey.credentials({ applicationId })).toEqual([credential]);
    expect(credential?.publicPart).toBe(secret['sharedKey']);
    expect(Date.parse(credential?.rotationDueAt ?? '')).toBe(Date.parse(credential?.createdAt ?? '') + NINETY_DAYS_MS);
  });

  test('without generateKeys there is no pair and no secret', async () => {
    const journey = await newJourney(visit, door);
    const reply = await register(journey, {});
    expect(Object.keys(reply).sort()).toEqual(['application', 'position']);
    expect(await journey.credentials()).toEqual([]);
  });

  test.each([
    ['an unknown environment', { generateKeys: { environment: 'test' } }, 'invalid-request'],
    ['an endpoint that is not in the catalogue', { endpointIds: ['no.such.endpoint'] }, 'unknown-endpoint'],
    ['a title of 201 characters', { title: 'x'.repeat(201) }, 'invalid-request'],
    ['an empty title', { title: '' }, 'invalid-request'],
  ])('with %s neither application nor pair is made', async (_, fields, code) => {
    const journey = await newJourney(visit, door);
    const request = { title: 'Portal', endpointIds: [], generateKeys: { environment: 'production' }, ...fields };
    expect(await journey.isRefused(REGISTER, request)).toMatchObject({ code });
    expect(await applications(journey)).toEqual([]);
    expect(await journey.credentials()).toEqual([]);
  });

  test('an application holds many pairs, each of one environment', async () => {
    const journey = await newJourney(visit, door);
    const { applicationId } = (await register(journey, {})).application;
    const environments = ['development', 'staging', 'production', 'production'];
    for (const environment of environments) await addPair(journey, applicationId, environment);
    const pairs = await journey.credentials({ applicationId, sort: 'createdAt' });
    expect(pairs.map(({ environment }) => environment)).toEqual(environments);
    expect(await journey.credentials({ applicationId, environment: 'production' })).toHaveLength(2);
    expect(new Set(pairs.map(({ publicPart }) => publicPart)).size).toBe(4);
    const other = (await register(journey, { title: 'Other' })).application.applicationId;
    expect(await journey.credentials({ applicationId: other })).toEqual([]);
  });

  test.each([
    ['no environment', { environment: undefined }, 'environment'],
    ['an unknown environment', { environment: 'prod' }, 'environment'],
    ['no application', { applicationId: undefined }, 'applicationId'],
    ['a malformed application id', { applicationId: 'portal' }, 'applicationId'],
    ['a mode', { mode: 'test' }, 'mode'],
  ])('a pair with %s is refused', async (_, fields, field) => {
    const journey = await newJourney(visit, door);
    const { applicationId } = (await register(journey, {})).application;
    const all: Record<string, unknown> = { type: 'app_key_pair', applicationId, environment: 'staging', ...fields };
    const request = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    expect(await journey.isRefused(CREATE, request)).toEqual({ code: 'invalid-request', fields: [field] });
  });

  test('a pair of an application that is not there is refused', async () => {
    const journey = await newJourney(visit, door);
    const request = { type: 'app_key_pair', applicationId: absentApplication, environment: 'staging' };
    expect(await journey.isRefused(CREATE, request)).toEqual({ code: 'invalid-request', fields: ['applicationId'] });
  });

  test('revocation is final, deletion needs it, and an application with a pair stays', async () => {
    const journey = await newJourney(visit, door);
    const { applicationId } = (await register(journey, {})).application;
    const { credentialId } = (await addPair(journey, applicationId, 'staging')).credential;
    const deleteApplication = 'ApplicationService/DeleteApplication';
    const deletePair = 'CredentialService/DeleteCredential';
    expect(await journey.isRefused(deletePair, { credentialId })).toMatchObject({ code: 'credential-still-valid' });
    expect(await journey.isRefused(deleteApplication, { applicationId })).toMatchObject({ code: 'application-in-use' });
    await journey.does('CredentialService/RevokeCredential', { credentialId });
    expect(await journey.isRefused('CredentialService/ResumeCredential', { credentialId })).toMatchObject({
      code: 'credential-revoked',
    });
    expect(await journey.isRefused(deleteApplication, { applicationId })).toMatchObject({ code: 'application-in-use' });
    await journey.does(deletePair, { credentialId });
    await journey.does(deleteApplication, { applicationId });
    expect(await applications(journey)).toEqual([]);
    for (const rpc of ['GetApplication', 'DeleteApplication']) {
      expect(await journey.isRefused(`ApplicationService/${rpc}`, { applicationId })).toMatchObject({
        code: 'not-found',
      });
    }
  });

  test('title, description and endpoints change; a retired endpoint may stay but not come', async () => {
    const journey = await newJourney(visit, door);
    const [first = '', second = '', third = ''] = await addEndpoints(journey, 3);
    const { applicationId } = (await register(journey, { description: 'Old', endpointIds: [first] })).application;
    const update = { applicationId, title: 'New title', description: null };
    expect(await journey.does('ApplicationService/UpdateApplication', update)).toMatchObject({
      application: { title: 'New title', description: null },
    });
    const connect = (endpointIds: readonly string[]): Promise<ApplicationReply> =>
      journey.does<ApplicationReply>('ApplicationService/SetApplicationEndpoints', { applicationId, endpointIds });
    await connect([first, second]);
    await retire(journey, first);
    await retire(journey, third);
    const { application } = await connect([second, first]);
    expect(application.endpoints.map(({ endpointId, status }) => [endpointId, status])).toEqual([
      [second, 'active'],
      [first, 'retired'],
    ]);
    const refusal = await journey.isRefused('ApplicationService/SetApplicationEndpoints', {
      applicationId,
      endpointIds: [third],
    });
    expect(refusal).toMatchObject({ code: 'unknown-endpoint' });
    expect(await journey.does('ApplicationService/GetApplication', { applicationId })).toEqual(application);
  });

  test('applications are found by the start of their title, in any case, and sorted by it', async () => {
    const journey = await newJourney(visit, door);
    for (const title of ['beta', 'Alpha', 'alphabet']) await register(journey, { title });
    const titles = async (query: object): Promise<readonly string[]> => {
      const page = await journey.does<Page<ApplicationSummary>>('ApplicationService/ListApplications', { ...query });
      return page.items.map(({ title }) => title);
    };
    expect(await titles({ q: 'ALPH', sort: 'name' })).toEqual(['Alpha', 'alphabet']);
    expect(await titles({ sort: '-name' })).toEqual(['beta', 'alphabet', 'Alpha']);
    expect(await titles({})).toEqual(['alphabet', 'Alpha', 'beta']);
    expect(await titles({ q: 'lph' })).toEqual([]);
    expect(await titles({ q: '%' })).toEqual([]);
  });
});
