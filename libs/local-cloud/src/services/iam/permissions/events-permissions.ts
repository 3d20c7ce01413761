import type { JsonObject } from '../../../core/aws-error.ts';
import type { Account } from '../../../core/resource.ts';
import { arn, objects, type Permission, text } from './permission.ts';

/** What EventBridge's operations need. Source: Service Authorization Reference, "Amazon EventBridge". */
export function eventsPermissions(operation: string, input: JsonObject, account: Account): Permission[] {
  const bus = (name: string): string => arn(account, 'events', 'event-bus/', name === '' ? 'default' : name);
  const one = (resource: string): Permission[] => [{ action: `events:${operation}`, resource }];
  switch (operation) {
    case 'PutEvents': {
      const permissions = new Map<string, Permission>();
      for (const entry of objects(input['Entries'])) {
        const resource = bus(text(entry, 'EventBusName'));
        const [source, detailType] = [text(entry, 'Source'), text(entry, 'DetailType')];
        const key = `${resource}\n${source}\n${detailType}`;
        if (permissions.has(key)) continue;
        permissions.set(key, {
          action: 'events:PutEvents',
          resource,
          context: { 'events:source': source, 'events:detail-type': detailType },
        });
      }
      return [...permissions.values()];
    }
    case 'DescribeEventBus':
      return one(bus(text(input, 'Name')));
    case 'DescribeArchive':
      return one(arn(account, 'events', 'archive/', text(input, 'ArchiveName')));
    case 'StartReplay':
      return [
        ...one(arn(account, 'events', 'replay/', text(input, 'ReplayName'))),
        ...one(text(input, 'EventSourceArn')),
      ];
    case 'DescribeReplay':
    case 'CancelReplay':
      return one(arn(account, 'events', 'replay/', text(input, 'ReplayName')));
    case 'ListEventBuses':
    case 'ListArchives':
    case 'ListReplays':
    case 'TestEventPattern':
      return one('*');
    default:
      return one(ruleArn(input, account));
  }
}

function ruleArn(input: JsonObject, account: Account): string {
  const bus = text(input, 'EventBusName');
  const busName = bus.startsWith('arn:') ? (bus.split('/').at(-1) ?? '') : bus;
  const within = busName === '' || busName === 'default' ? '' : `${busName}/`;
  const rule = text(input, 'Name') || text(input, 'Rule');
  return arn(account, 'events', `rule/${within}`, rule);
}
