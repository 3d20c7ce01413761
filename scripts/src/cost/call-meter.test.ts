import { afterAll, describe, expect, it } from '@jest/globals';
import { LocalCloud, type Principal } from '@payments/local-cloud';
import { CallMeter } from './call-meter.ts';

const OWNER: Principal = { kind: 'owner' };
const ROLE: Principal = { kind: 'role', arn: 'arn:aws:iam::000000000000:role/any' };

const cloud = new LocalCloud({ dataDirectory: ':memory:', host: 'in-process' });
afterAll(() => cloud.close());

describe('the call meter', () => {
  it('counts the calls and units of everybody but the owner, and makes them take their time', async () => {
    const { dynamodb } = cloud.services;
    await dynamodb.call('CreateTable', {
      TableName: 'entries',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    const slept: number[] = [];
    const meter = new CallMeter({ dynamodb: 6, 'dynamodb:TransactWriteItems': 15 }, async (milliseconds) => {
      slept.push(milliseconds);
    });
    meter.start(cloud);
    const put = (id: string) => ({ TableName: 'entries', Item: { id: { S: id } } });
    await cloud.call('dynamodb', 'PutItem', put('1'), OWNER);
    const { services } = cloud as { readonly services: Readonly<Record<'dynamodb', Callable>> };
    await services.dynamodb.call('PutItem', put('2'), ROLE);
    await services.dynamodb.call('TransactWriteItems', { TransactItems: [{ Put: put('3') }] }, ROLE);
    await services.dynamodb.call('GetItem', { TableName: 'entries', Key: { id: { S: '1' } } }, ROLE);
    expect(Object.fromEntries(meter.calls)).toEqual({
      'dynamodb:PutItem': 1,
      'dynamodb:TransactWriteItems': 1,
      'dynamodb:GetItem': 1,
    });
    // A transactional write costs two units, an eventually consistent read half a one.
    expect(meter.tables.get('entries')).toEqual({ writeUnits: 3, readUnits: 0.5 });
    expect(slept).toEqual([6, 15, 6]);
  });
});

interface Callable {
  call(operation: string, input: object, caller: Principal): unknown;
}
