/** A card acceptor of the synthetic load. */
export interface SyntheticMerchant {
  readonly name: string;
  readonly city: string;
  /** ISO 3166 alpha-2, as DE43 carries it. */
  readonly country: string;
  /** ISO 3166 numeric, as DE19 carries it. */
  readonly countryNumber: string;
  readonly categoryCode: string;
}

/** Merchants of one country, at least one. */
export type Merchants = readonly [SyntheticMerchant, ...SyntheticMerchant[]];

type Row = readonly [name: string, city: string, categoryCode: string];

function merchantsOf(country: string, countryNumber: string, rows: readonly [Row, ...Row[]]): Merchants {
  const merchant = ([name, city, categoryCode]: Row): SyntheticMerchant => ({
    name,
    city,
    country,
    countryNumber,
    categoryCode,
  });
  const [first, ...others] = rows;
  return [merchant(first), ...others.map(merchant)];
}

/** Where people shop at home, by the currency of their account. */
export const HOME_MERCHANTS: Readonly<Record<'GBP' | 'EUR', Merchants>> = {
  GBP: merchantsOf('GB', '826', [
    ['CORNER FOODS', 'LONDON', '5411'],
    ['SUPERMART', 'YORK', '5411'],
    ['QUICK BURGER', 'CARDIFF', '5814'],
    ['THE OLD MILL', 'BATH', '5812'],
    ['RIVER FUEL', 'LEEDS', '5541'],
    ['HIGH ST STORE', 'LEEDS', '5311'],
    ['ELECTRO WORLD', 'BRISTOL', '5732'],
    ['PAGE AND SPINE', 'OXFORD', '5942'],
    ['CITY CABS', 'GLASGOW', '4121'],
    ['WEST PHARMACY', 'EXETER', '5912'],
  ]),
  EUR: merchantsOf('IE', '372', [
    ['LIFFEY MARKET', 'DUBLIN', '5411'],
    ['HARBOUR CAFE', 'GALWAY', '5814'],
    ['SHAMROCK FUEL', 'CORK', '5541'],
    ['GREEN PHARMACY', 'LIMERICK', '5912'],
  ]),
};

/** Merchants of the categories that a bank watches: gambling, quasi cash, dating, money transfer. */
export const WATCHED_MERCHANTS: Readonly<Record<'GBP' | 'EUR', Merchants>> = {
  GBP: merchantsOf('GB', '826', [
    ['LUCKY SEVEN BETS', 'LEEDS', '7995'],
    ['COIN EXCHANGE', 'LONDON', '6051'],
    ['MEET AND GREET', 'LONDON', '7273'],
  ]),
  EUR: merchantsOf('IE', '372', [
    ['DERBY BETS', 'DUBLIN', '7995'],
    ['BIT EXCHANGE', 'CORK', '6051'],
    ['QUICK TRANSFER', 'DUBLIN', '4829'],
  ]),
};

/** A currency that people spend away from home. */
export interface ForeignCurrency {
  readonly currency: string;
  readonly merchants: Merchants;
  /** The smallest and the largest amount, in minor units. */
  readonly range: readonly [number, number];
  /** DE10 by the currency of the account: number of decimals, seven digits. */
  readonly rates: Readonly<Record<'GBP' | 'EUR', string>>;
}

export const DOLLAR: ForeignCurrency = {
  currency: 'USD',
  merchants: merchantsOf('US', '840', [
    ['SEASIDE GRILL', 'BOSTON', '5812'],
    ['WEB BOOKS', 'SEATTLE', '5942'],
  ]),
  range: [300, 40_000],
  rates: { GBP: '77912000', EUR: '79182000' },
};

/** The euro for accounts in sterling, and sterling for accounts in euro. */
export const NEIGHBOUR: Readonly<Record<'GBP' | 'EUR', ForeignCurrency>> = {
  GBP: {
    currency: 'EUR',
    merchants: merchantsOf('DE', '276', [
      ['STADTBANK ATM 17', 'BERLIN', '6011'],
      ['BAHNHOF KIOSK', 'BERLIN', '5994'],
      ['HOTEL AM SEE', 'MUENCHEN', '7011'],
    ]),
    range: [250, 30_000],
    rates: { GBP: '78617000', EUR: '61000000' },
  },
  EUR: {
    currency: 'GBP',
    merchants: HOME_MERCHANTS.GBP,
    range: [250, 30_000],
    rates: { GBP: '61000000', EUR: '61160500' },
  },
};

/** Currencies with no decimals, with three, and two of two. */
export const FURTHER_CURRENCIES: readonly [ForeignCurrency, ...ForeignCurrency[]] = [
  {
    currency: 'JPY',
    merchants: merchantsOf('JP', '392', [['METRO KIOSK', 'TOKYO', '4111']]),
    range: [150, 30_000],
    rates: { GBP: '95300122', EUR: '96150870' },
  },
  {
    currency: 'KWD',
    merchants: merchantsOf('KW', '414', [['GULF FUEL', 'KUWAIT CITY', '5541']]),
    range: [500, 40_000],
    rates: { GBP: '62560500', EUR: '62971400' },
  },
  {
    currency: 'SEK',
    merchants: merchantsOf('SE', '752', [['NORDIC DESIGN', 'STOCKHOLM', '5712']]),
    range: [2_000, 300_000],
    rates: { GBP: '87450000', EUR: '88650000' },
  },
  {
    currency: 'CHF',
    merchants: merchantsOf('CH', '756', [['ALPEN SPORT', 'ZUERICH', '5941']]),
    range: [500, 60_000],
    rates: { GBP: '78891000', EUR: '61031800' },
  },
];
