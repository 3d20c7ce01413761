import { describe, expect, it } from '@jest/globals';
import { PriceMissingError, pricedRegions, priceOf, readPriceTable } from './price-table.ts';
import { flatPrices } from './run.fixture.ts';

const TABLE = readPriceTable();

describe('the price table', () => {
  it('has no unit twice, and is dated', () => {
    const units = TABLE.prices.map(({ unit }) => unit);
    expect(new Set(units).size).toBe(units.length);
    expect(TABLE.readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it.each(
    TABLE.prices.flatMap(({ unit, per, regions }) =>
      Object.entries(regions).map(([region, price]) => ({ unit, region, per, ...price })),
    ),
  )('says of $unit in $region where its price is from and of which day', (price) => {
    expect(price.usd).toBeGreaterThan(0);
    expect(price.per).toBeGreaterThan(0);
    expect(price.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(price.asOf <= TABLE.readOn).toBe(true);
    expect(price.source).not.toBe('');
    // What no list of AWS says for the region says so.
    if (price.source.startsWith('AWS Price List')) expect(price.verified).toBe(true);
    if (/not found|taken as|was not in/.test(price.source)) expect(price.verified).toBe(false);
  });

  it('has every unit in both regions', () => {
    expect(pricedRegions(TABLE)).toEqual(['us-east-1', 'eu-west-2']);
  });

  it('prices a single unit', () => {
    const table = flatPrices(['sqs:requests']);
    expect(priceOf(table, 'sqs:requests', 'here').usdPerUnit).toBe(0.001);
    expect(() => priceOf(table, 'sqs:requests', 'there')).toThrow(PriceMissingError);
    expect(() => priceOf(table, 'sns:publishes', 'here')).toThrow(
      'there is no price for sns:publishes in here',
    );
  });
});
