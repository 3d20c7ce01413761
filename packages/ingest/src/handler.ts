import { KMSClient } from '@aws-sdk/client-kms';
import { type Compose, lambdaEntry, stageKit } from '@payments/stage-kit';
import { DynamoDbAuthorizationLog } from './adapters/dynamodb-authorization-log.ts';
import { DynamoDbCardNumbers } from './adapters/dynamodb-card-numbers.ts';
import { DynamoDbTokenVault } from './adapters/dynamodb-token-vault.ts';
import { Iso3166Countries } from './adapters/iso3166-countries.ts';
import { LoggedDetokenizationAudit } from './adapters/logged-detokenization-audit.ts';
import { Sha256ContentHash } from './adapters/sha256-content-hash.ts';
import { VaultKeys } from './adapters/vault-keys.ts';
import { detokenizeTokens } from './detokenize-tokens.ts';
import { ingestLines } from './ingest-lines.ts';
import { stage } from './stage.ts';
import { tokenizeCards } from './tokenize-cards.ts';

export const compose: Compose = (environment, aws) => {
  const kit = stageKit(stage, environment, aws);
  const { AUTHORIZATIONS_TABLE, CARD_TOKENS_TABLE, VAULT_KEY_ID } = kit.environment;
  const sleep = (milliseconds: number) => aws.clock.sleep(milliseconds);
  const keys = new VaultKeys(kit.documents, kit.client(KMSClient), CARD_TOKENS_TABLE, VAULT_KEY_ID);
  const vault = new DynamoDbTokenVault(kit.documents, CARD_TOKENS_TABLE, keys, {
    randomBytes: (length) => aws.random.bytes(length),
    sleep,
  });
  const ports = {
    vault,
    contentHash: new Sha256ContentHash(),
    countries: new Iso3166Countries(),
    log: new DynamoDbAuthorizationLog(kit.documents, AUTHORIZATIONS_TABLE, sleep),
  };
  return {
    handler: async (event) => {
      const report = await ingestLines(event, ports);
      const { read, approved, declined, unreadable } = report;
      kit.metrics({
        AuthorizationsRead: read,
        AuthorizationsApproved: approved,
        AuthorizationsDeclined: declined,
        LinesUnreadable: unreadable.length,
      });
      return report;
    },
    tokenize: (event) => tokenizeCards(event, vault),
    detokenize: async (event) => {
      const answer = await detokenizeTokens(event, {
        cardNumbers: new DynamoDbCardNumbers(kit.documents, CARD_TOKENS_TABLE, keys, sleep),
        audit: new LoggedDetokenizationAudit(kit.log),
      });
      kit.metrics({ CardNumbersGiven: answer.cardNumbers.filter((number) => number !== null).length });
      return answer;
    },
  };
};

export const handler = lambdaEntry(compose, 'handler');
export const tokenize = lambdaEntry(compose, 'tokenize');
export const detokenize = lambdaEntry(compose, 'detokenize');
