import { parseArgs } from 'node:util';
import { table } from '../text-table.ts';
import type { Command } from './command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS, connectionOptions, openConnection } from './connection.ts';
import { quarantined } from './dlq-quarantine.ts';
import { deadLetterQueues } from './dlq-queues.ts';

const TO_THE_LEFT: ReadonlySet<number> = new Set([0, 2]);

/** `payments dlq list`: exits with 1 when anything lies anywhere, for scripts. */
export const dlqList: Command = {
  name: 'dlq list',
  summary: 'how many dead letters lie where, and what stages have set aside and why',
  help: `payments dlq list [options]

Every dead-letter queue that holds something, and the quarantine: the records that a stage set aside, by stage and
reason. Exits with 1 when there is any.

  --all                  empty queues too
  --json                 for machines
${CONNECTION_HELP}

Example:  payments dlq list`,
  run: async (args, output) => {
    const { values } = parseArgs({
      args: [...args],
      options: { ...CONNECTION_OPTIONS, all: { type: 'boolean' }, json: { type: 'boolean' } },
    });
    const connection = await openConnection(connectionOptions(values));
    try {
      const all = await deadLetterQueues(connection);
      const queues = all
        .filter(({ messages }) => values.all === true || messages > 0)
        .map(({ name, owner, kind, messages, says }) => ({
          queue: name,
          stage: owner,
          kind,
          messages,
          says,
        }));
      const reasons = new Map<string, { queue: string; stage: string; reason: string; messages: number }>();
      for await (const { stage, reason } of quarantined(connection)) {
        const key = `${stage} ${reason}`;
        const before = reasons.get(key) ?? { queue: `quarantine/${stage}`, stage, reason, messages: 0 };
        reasons.set(key, { ...before, messages: before.messages + 1 });
      }
      const setAside = [...reasons.values()];
      const total = [...queues, ...setAside].reduce((sum, { messages }) => sum + messages, 0);
      if (values.json === true)
        output.print(JSON.stringify({ queues, quarantine: setAside, messages: total }, null, 2));
      else if (queues.length + setAside.length === 0)
        output.print(`Nothing lies in ${all.length} dead-letter queues and the quarantine.`);
      else {
        const rows = [
          ...queues.map(({ queue, messages, says }) => [queue, String(messages), says]),
          ...setAside.map(({ queue, messages, reason }) => [queue, String(messages), `set aside: ${reason}`]),
        ];
        output.print(table(['Queue', 'messages', 'what'], rows, TO_THE_LEFT));
      }
      return total === 0 ? 0 : 1;
    } finally {
      await connection.close();
    }
  },
};
