// HubSpot's own client, unchanged but for its base path, against the simulator that the environment names.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from '@hubspot/api-client'

const { HUBSPOT_URL, HUBSPOT_ACCESS_TOKEN, HUBSPOT_CLIENT_ID, HUBSPOT_CLIENT_SECRET, HUBSPOT_REFRESH_TOKEN } =
  process.env
const hubspot = new Client({ accessToken: HUBSPOT_ACCESS_TOKEN, basePath: HUBSPOT_URL, numberOfApiCallRetries: 3 })
const { contacts, lists, properties } = hubspot.crm
const CONTACT = '0-1'

/** The error that a call ends with. */
async function refusal(call) {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new assert.AssertionError({ message: 'the call was not refused' })
}

/** Searches until the index shows as many contacts as expected: it lags behind the writes. */
async function searchUntil(request, total) {
  for (let attempt = 0; attempt < 50; attempt++) {
    const found = await contacts.searchApi.doSearch(request)
    if (found.total === total) return found
    await wait(100)
  }
  throw new assert.AssertionError({ message: `the index never showed ${total} contacts` })
}

const byCompany = (company) => ({
  filterGroups: [{ filters: [{ propertyName: 'company', operator: 'EQ', value: company }] }],
  sorts: ['email'],
  properties: ['email', 'company'],
  limit: 2,
  after: '0',
})

let ann

before(async () => {
  ann = await contacts.basicApi.create({
    properties: { email: 'Ann@Example.com', firstname: 'Ann', lastname: 'Lee', company: 'Acme' },
    associations: [],
  })
})

after(async () => {
  await contacts.batchApi.archive({ inputs: [{ id: ann.id }] })
})

test('a created contact has an id, lower-cased address and dates', async () => {
  assert.match(ann.id, /^\d+$/)
  assert.equal(ann.properties.email, 'ann@example.com')
  assert.ok(ann.createdAt instanceof Date && ann.createdAt.getTime() > 0)
  assert.equal(ann.archived, false)
})

test('a contact is read by id, by address and with the history of a property', async () => {
  const byId = await contacts.basicApi.getById(ann.id, ['email', 'firstname'], ['firstname'])
  assert.equal(byId.properties.firstname, 'Ann')
  assert.equal(byId.propertiesWithHistory.firstname[0].value, 'Ann')
  assert.ok(byId.propertiesWithHistory.firstname[0].timestamp instanceof Date)
  const byEmail = await contacts.basicApi.getById(
    'ANN@example.com', ['email'], undefined, undefined, false, 'email')
  assert.equal(byEmail.id, ann.id)
})

test('a contact is updated and a value is cleared', async () => {
  await contacts.basicApi.update(ann.id, { properties: { jobtitle: 'Pilot', lastname: '' } })
  const read = await contacts.basicApi.getById(ann.id, ['jobtitle', 'lastname'])
  assert.equal(read.properties.jobtitle, 'Pilot')
  assert.equal(read.properties.lastname, null)
})

test('a second contact with the address is refused, naming the first', async () => {
  const error = await refusal(
    contacts.basicApi.create({ properties: { email: 'ann@EXAMPLE.com' }, associations: [] }))
  assert.equal(error.code, 409)
  assert.match(error.body.message, new RegExp(`Existing ID: ${ann.id}`))
})

test('bad values and unknown ids are refused with their codes', async () => {
  const invalid = await refusal(contacts.basicApi.update(ann.id, { properties: { email: 'x', nope: '1' } }))
  assert.equal(invalid.code, 400)
  assert.equal(invalid.body.category, 'VALIDATION_ERROR')
  assert.deepEqual(invalid.body.errors.map((one) => one.code), ['INVALID_EMAIL', 'PROPERTY_DOESNT_EXIST'])
  assert.equal((await refusal(contacts.basicApi.getById('1'))).code, 404)
})

test('contacts are created, updated, upserted, read and archived in batches', async () => {
  const inputs = [1, 2, 3, 4, 5].map((n) => ({
    properties: { email: `batch${n}@example.com`, company: 'Batch' },
    associations: [],
    objectWriteTraceId: `t${n}`,
  }))
  const created = await contacts.batchApi.create({ inputs })
  assert.equal(created.status, 'COMPLETE')
  assert.equal(created.results.length, 5)
  assert.deepEqual(new Set(created.results.map((one) => one.objectWriteTraceId)), new Set(['t1', 't2', 't3', 't4', 't5']))

  const mixed = await contacts.batchApi.create({ inputs: [inputs[0], { ...inputs[0], properties: { email: 'new@example.com' }, objectWriteTraceId: 'u' }] })
  assert.equal(mixed.results.length, 1)
  assert.equal(mixed.numErrors, 1)
  assert.equal(mixed.errors[0].category, 'CONFLICT')

  const ids = created.results.map((one) => one.id)
  const updated = await contacts.batchApi.update({ inputs: ids.map((id) => ({ id, properties: { city: 'Rome' } })) })
  assert.ok(updated.results.every((one) => one.properties.city === 'Rome'))

  const upserted = await contacts.batchApi.upsert({
    inputs: [
      { id: 'BATCH1@example.com', idProperty: 'email', properties: { city: 'Oslo' } },
      { id: 'upsert@example.com', idProperty: 'email', properties: { company: 'Batch' } },
    ],
  })
  assert.deepEqual(
    new Map(upserted.results.map((one) => [one.properties.email, one._new])),
    new Map([['batch1@example.com', false], ['upsert@example.com', true]]))

  const read = await contacts.batchApi.read({
    idProperty: 'email',
    inputs: [{ id: 'batch1@example.com' }, { id: 'nobody@example.com' }],
    properties: ['city'],
    propertiesWithHistory: [],
  })
  assert.deepEqual(read.results.map((one) => one.properties.city), ['Oslo'])
  assert.equal(read.errors[0].category, 'OBJECT_NOT_FOUND')

  const found = await searchUntil(byCompany('batch'), 6)
  assert.deepEqual(found.results.map((one) => one.properties.email), ['batch1@example.com', 'batch2@example.com'])
  const emails = found.results.map((one) => one.properties.email)
  for (let next = found.paging?.next?.after; next; ) {
    const page = await contacts.searchApi.doSearch({ ...byCompany('batch'), after: next })
    emails.push(...page.results.map((one) => one.properties.email))
    next = page.paging?.next?.after
  }
  assert.deepEqual(emails, [1, 2, 3, 4, 5].map((n) => `batch${n}@example.com`).concat('upsert@example.com'))

  await contacts.batchApi.archive({ inputs: ids.map((id) => ({ id })) })
  await searchUntil(byCompany('batch'), 1)
  const archive = await contacts.basicApi.getPage(100, undefined, ['email'], undefined, undefined, true)
  assert.deepEqual(new Set(archive.results.map((one) => one.id)).size, 5)
  assert.ok(archive.results.every((one) => one.archived && one.archivedAt instanceof Date))
})

test('all contacts are paged through', async () => {
  const all = await contacts.getAll(50, undefined, ['email'])
  assert.ok(all.length > 200)
  assert.equal(new Set(all.map((one) => one.id)).size, all.length)
})

test('a merge leaves a survivor that both ids lead to', async () => {
  const make = (email) => contacts.basicApi.create({ properties: { email, firstname: 'M' }, associations: [] })
  const [one, other] = [await make('merge1@example.com'), await make('merge2@example.com')]
  const survivor = await contacts.basicApi.merge({ primaryObjectId: one.id, objectIdToMerge: other.id })
  assert.notEqual(survivor.id, one.id)
  assert.equal((await contacts.basicApi.getById(other.id)).id, survivor.id)
  await contacts.basicApi.purge({ objectId: survivor.id })
  assert.equal((await refusal(contacts.basicApi.getById(survivor.id))).code, 404)
})

test('a static list is made, filled, read, searched and removed', async () => {
  const { list } = await lists.listsApi.create({ name: 'Pilots', objectTypeId: CONTACT, processingType: 'MANUAL' })
  assert.equal(list.processingType, 'MANUAL')
  const change = await lists.membershipsApi.add(list.listId, [ann.id, '1'])
  assert.deepEqual(change.recordIdsMissing, ['1'])
  const members = await lists.membershipsApi.getPage(list.listId)
  assert.deepEqual(members.results.map((one) => one.recordId), [ann.id])
  assert.ok(members.results[0].membershipTimestamp instanceof Date)
  assert.equal((await lists.listsApi.getByName('pilots', CONTACT)).list.listId, list.listId)
  const found = await lists.listsApi.doSearch({
    query: 'Pilot', processingTypes: [], additionalProperties: ['hs_list_size'], listIds: [], offset: 0 })
  assert.equal(found.lists[0].additionalProperties.hs_list_size, '1')
  const ofAnn = await lists.membershipsApi.getLists(CONTACT, ann.id)
  assert.deepEqual(ofAnn.results.map((one) => one.listId), [list.listId])
  await lists.listsApi.remove(list.listId)
  // A deleted list answers for 90 days, with the time of its deletion.
  assert.ok((await lists.listsApi.getById(list.listId)).list.deletedAt instanceof Date)
})

test('properties are listed, made, used and archived', async () => {
  const all = await properties.coreApi.getAll('contacts')
  const stage = all.results.find((one) => one.name === 'lifecyclestage')
  assert.equal(stage.type, 'enumeration')
  assert.ok(stage.options.some((one) => one.value === 'customer'))
  const made = await properties.coreApi.create('contacts', {
    name: 'client_check', label: 'Client check', type: 'string', fieldType: 'text', groupName: 'contactinformation',
    hasUniqueValue: true,
  })
  assert.equal(made.hasUniqueValue, true)
  await contacts.basicApi.update(ann.id, { properties: { client_check: 'k1' } })
  const found = await contacts.basicApi.getById('k1', ['client_check'], undefined, undefined, false, 'client_check')
  assert.equal(found.id, ann.id)
  await properties.coreApi.archive('contacts', 'client_check')
  assert.equal((await refusal(properties.coreApi.getByName('contacts', 'client_check'))).code, 404)
})

test('an active list follows its filters', async () => {
  const filterBranch = {
    filterBranchType: 'OR', filterBranchOperator: 'OR', filters: [],
    filterBranches: [{
      filterBranchType: 'AND', filterBranchOperator: 'AND', filterBranches: [],
      filters: [{
        filterType: 'PROPERTY', property: 'company',
        operation: {
          operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: ['Zeppelin'], includeObjectsWithNoValueSet: false,
        },
      }],
    }],
  }
  const { list } = await lists.listsApi.create({
    name: 'Zeppelin people', objectTypeId: CONTACT, processingType: 'DYNAMIC', filterBranch })
  const members = async () => (await lists.membershipsApi.getPage(list.listId)).results.map((one) => one.recordId)
  assert.deepEqual(await members(), [])
  await contacts.basicApi.update(ann.id, { properties: { company: 'zeppelin' } })
  assert.deepEqual(await members(), [ann.id])
  assert.equal((await lists.listsApi.getById(list.listId, true)).list.filterBranch.filterBranchType, 'OR')
  assert.equal((await refusal(lists.membershipsApi.add(list.listId, [ann.id]))).code, 400)
  await contacts.basicApi.update(ann.id, { properties: { company: 'Acme' } })
  assert.deepEqual(await members(), [])
})

test('an access token is refreshed, looked up and used', async () => {
  const { tokensApi, accessTokensApi, refreshTokensApi } = hubspot.oauth
  const grant = (refreshToken) => tokensApi.create(
    'refresh_token', undefined, undefined, HUBSPOT_CLIENT_ID, HUBSPOT_CLIENT_SECRET, refreshToken)
  const token = await grant(HUBSPOT_REFRESH_TOKEN)
  assert.equal(token.expiresIn, 1800)
  assert.equal(token.refreshToken, HUBSPOT_REFRESH_TOKEN)
  assert.equal((await accessTokensApi.get(token.accessToken)).tokenType, 'access')
  assert.equal((await refreshTokensApi.get(HUBSPOT_REFRESH_TOKEN)).clientId, HUBSPOT_CLIENT_ID)
  const installed = new Client({ accessToken: token.accessToken, basePath: HUBSPOT_URL })
  assert.equal((await installed.crm.contacts.basicApi.getById(ann.id)).id, ann.id)
  assert.equal((await refusal(grant('gone'))).body.status, 'BAD_REFRESH_TOKEN')
})
