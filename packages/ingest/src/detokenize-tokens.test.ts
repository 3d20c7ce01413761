import { describe, expect, it } from '@jest/globals';
import { type AuditLog, LoggedDetokenizationAudit } from './adapters/logged-detokenization-audit.ts';
import { detokenizeTokens, TOKENS_MAX } from './detokenize-tokens.ts';
import { mastercardCard, visaCard } from './reading.fixture.ts';

const visaToken = `900000000001${visaCard.slice(-4)}`;
const mastercardToken = `900000000002${mastercardCard.slice(-4)}`;
const unknownToken = '9000000000030000';
const reason = 'chargeback 2026-118';
const requestedBy = 'j.doe@bank.example';

function vaultAndAudit() {
  const known = new Map([
    [visaToken, visaCard],
    [mastercardToken, mastercardCard],
  ]);
  const log: Parameters<AuditLog['info']>[] = [];
  /** What had been logged when the vault was read. */
  let loggedBefore: number | undefined;
  return {
    log,
    loggedBefore: () => loggedBefore,
    ports: {
      cardNumbers: {
        async numbersOf(tokens: readonly string[]) {
          loggedBefore = log.length;
          return new Map([...known].filter(([token]) => tokens.includes(token)));
        },
      },
      audit: new LoggedDetokenizationAudit({ info: (...line) => log.push(line) }),
    },
  };
}

describe('detokenizing', () => {
  it('gives a card number for each token, in their order, and null for a token of no card', async () => {
    const { ports } = vaultAndAudit();
    const tokens = [mastercardToken, unknownToken, visaToken];
    expect(await detokenizeTokens({ tokens, reason, requestedBy }, ports)).toEqual({
      cardNumbers: [mastercardCard, null, visaCard],
    });
  });

  it('is logged before the vault is read: reason, who, last four digits, count, and never a number', async () => {
    const { ports, log, loggedBefore } = vaultAndAudit();
    await detokenizeTokens({ tokens: [visaToken, unknownToken], reason, requestedBy }, ports);
    expect(loggedBefore()).toBe(1);
    const explanation = `${requestedBy} asks for the cards ending ${visaCard.slice(-4)}, 0000`;
    expect(log).toEqual([
      [{ reason, explanation, records: 2 }, 'card numbers asked for'],
      [{ reason, explanation: `${requestedBy} gets them`, records: 1 }, 'card numbers given'],
    ]);
    expect(JSON.stringify(log)).not.toContain(visaCard);
    expect(JSON.stringify(log)).not.toContain(visaToken);
  });

  it('gives nothing when the audit cannot be written', async () => {
    const { ports } = vaultAndAudit();
    const audit = {
      requested: async () => {},
      answered: async () => {
        throw new Error('no log');
      },
    };
    const answer = detokenizeTokens({ tokens: [visaToken], reason, requestedBy }, { ...ports, audit });
    await expect(answer).rejects.toThrow('no log');
  });

  it.each([
    ['nothing', undefined],
    ['no tokens', { tokens: [], reason, requestedBy }],
    ['too many', { tokens: Array(TOKENS_MAX + 1).fill(visaToken), reason, requestedBy }],
    ['a card number for a token', { tokens: [visaCard], reason, requestedBy }],
    ['no reason', { tokens: [visaToken], requestedBy }],
    ['a reason that is none', { tokens: [visaToken], reason: 'x', requestedBy }],
    ['a card number for a reason', { tokens: [visaToken], reason: `look at ${visaCard}`, requestedBy }],
    ['two lines for a reason', { tokens: [visaToken], reason: 'a reason\nof two lines', requestedBy }],
    ['nobody', { tokens: [visaToken], reason, requestedBy: ' ' }],
  ])('is refused for %s, before the vault is read, and repeats nothing', async (_, request) => {
    const { ports, loggedBefore } = vaultAndAudit();
    const refusal = detokenizeTokens(request, ports);
    await expect(refusal).rejects.toMatchObject({ code: 'INGEST_REQUEST' });
    await expect(refusal).rejects.not.toThrow(visaCard);
    expect(loggedBefore()).toBeUndefined();
  });
});
