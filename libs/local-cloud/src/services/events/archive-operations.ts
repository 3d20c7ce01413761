import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { ArchivedEvents } from './archived-events.ts';
import type { Archive, BusDirectory } from './bus-directory.ts';
import { optionalText, present, requiredText, validationError } from './request-member.ts';

/** Creates, describes and deletes archives. */
export class ArchiveOperations {
  readonly #directory: BusDirectory;
  readonly #events: ArchivedEvents;
  readonly #runtime: Runtime;

  constructor(directory: BusDirectory, events: ArchivedEvents, runtime: Runtime) {
    this.#directory = directory;
    this.#events = events;
    this.#runtime = runtime;
  }

  create(input: JsonObject): JsonObject {
    const name = requiredText(input, 'ArchiveName');
    if (!/^[.\-_A-Za-z0-9]{1,48}$/.test(name)) throw validationError(`Archive name ${name} is not valid.`);
    if (this.#directory.findArchive(name) !== undefined) {
      throw new AwsError('ResourceAlreadyExistsException', `Archive ${name} already exists.`);
    }
    const bus = this.#directory.bus(requiredText(input, 'EventSourceArn'));
    const { Description, EventPattern, RetentionDays = 0 } = input;
    const CreationTime = Math.floor(this.#runtime.now() / 1000);
    const archive = this.#directory.putArchive(
      bus,
      present({
        ArchiveName: name,
        EventSourceArn: bus.arn,
        Description,
        EventPattern,
        RetentionDays,
        CreationTime,
      }),
    );
    return { ArchiveArn: archive.arn, State: 'ENABLED', CreationTime };
  }

  update(input: JsonObject): JsonObject {
    const archive = this.#archive(input);
    const { Description, EventPattern, RetentionDays } = input;
    const changes = present({ Description, EventPattern, RetentionDays });
    this.#directory.putArchive(this.#directory.bus(archive.busName), { ...archive.definition, ...changes });
    return { ArchiveArn: archive.arn, State: 'ENABLED' };
  }

  describe(input: JsonObject): JsonObject {
    const archive = this.#archive(input);
    return { ArchiveArn: archive.arn, ...this.#summary(archive), ...archive.definition };
  }

  list(input: JsonObject): JsonObject {
    const prefix = optionalText(input, 'NamePrefix') ?? '';
    const from = optionalText(input, 'EventSourceArn');
    const archives = [...this.#directory.buses]
      .filter((bus) => from === undefined || bus.arn === from)
      .flatMap((bus) => [...bus.archives.values()])
      .filter((archive) => archive.name.startsWith(prefix));
    return { Archives: archives.map((archive) => this.#summary(archive)) };
  }

  delete(input: JsonObject): JsonObject {
    const archive = this.#archive(input);
    this.#events.remove(archive);
    this.#directory.removeArchive(archive);
    return {};
  }

  #archive(input: JsonObject): Archive {
    const name = requiredText(input, 'ArchiveName');
    const archive = this.#directory.findArchive(name);
    if (archive === undefined)
      throw new AwsError('ResourceNotFoundException', `Archive ${name} does not exist.`);
    return archive;
  }

  #summary(archive: Archive): JsonObject {
    const { count, bytes } = this.#events.size(archive);
    const { EventSourceArn, RetentionDays, CreationTime } = archive.definition;
    return present({
      ArchiveName: archive.name,
      EventSourceArn,
      State: 'ENABLED',
      RetentionDays,
      SizeBytes: bytes,
      EventCount: count,
      CreationTime,
    });
  }
}
