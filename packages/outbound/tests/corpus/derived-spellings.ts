import { bytesOfAddress } from './address-bytes.ts';
import { DISGUISED_HOSTS } from './spellings.ts';

/** Loopback, nothing, private ranges, metadata: what the spellings below stand for. */
const TARGETS = [
  ...['127.0.0.1', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254'],
  ...['100.100.100.200', '168.63.129.16', '192.0.0.192'],
];

type Digits = (number: number) => string;

/** The number formats of the URL Standard's IPv4 parser (https://url.spec.whatwg.org/#concept-ipv4-parser), from inet_aton(3). */
const DIGITS: Readonly<Record<string, Digits>> = {
  decimal: (number) => String(number),
  octal: (number) => `0${number.toString(8)}`,
  hexadecimal: (number) => `0x${number.toString(16)}`,
};

/** inet_aton(3): the last of one, two, three or four parts takes all bytes that are left. */
function partsOf(address: string, count: number): number[] {
  const bytes = bytesOfAddress(address);
  const rest = bytes.slice(count - 1).reduce((number, byte) => number * 256 + byte, 0);
  return [...bytes.slice(0, count - 1), rest];
}

function mixesOf(address: string, count: number): string[] {
  return partsOf(address, count)
    .map((part) => Object.values(DIGITS).map((digits) => digits(part)))
    .reduce<string[]>((heads, tails) => heads.flatMap((head) => tails.map((tail) => `${head}.${tail}`)), [''])
    .map((text) => text.slice(1));
}

/** UTS #46 maps these to ASCII before the host is parsed. */
const DOTS = ['\u3002', '\uff0e', '\uff61'];
const fullWidth = (text: string) => text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
const mathematical = (text: string) => text.replace(/\d/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit)));
const percent = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const inTheMiddle = (text: string, inserted: string) => `${text.slice(0, 3)}${inserted}${text.slice(3)}`;

function v4Spellings(address: string): string[] {
  const [number = 0] = partsOf(address, 1);
  return [
    ...[1, 2, 3, 4].flatMap((count) => mixesOf(address, count)),
    `0X${number.toString(16).toUpperCase()}`,
    `0x${number.toString(16).padStart(16, '0')}`,
    `${'0'.repeat(12)}${number.toString(8)}`,
    ...DOTS.map((dot) => address.replaceAll('.', dot)),
    ...DOTS.map((dot) => address.replace('.', dot)),
    ...[address, String(number)].flatMap((text) => [fullWidth(text), mathematical(text), percent(text), `${text}.`]),
    percent(fullWidth(address)),
    ...['\t', '\n', '\r', '\u00ad', '\u200b', '\u200c', '\u2060', '\ufeff', '%00', '%09'].map((inserted) =>
      inTheMiddle(address, inserted),
    ),
    ...[`user@${address}`, `shop.example@${address}`, `shop.example:443@${address}`, `${address}@${address}`],
    ...[
      `shop.example\\@${address}`,
      `shop.example%40${address}`,
      `shop.example#@${address}`,
      `${address}\\.shop.example`,
    ],
  ];
}

function v6Spellings(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = bytesOfAddress(address);
  const [high, low] = [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
  return [
    ...[`[::ffff:${address}]`, `[::ffff:${high}:${low}]`, `[::FFFF:${high.toUpperCase()}:${low.toUpperCase()}]`],
    `[0000:0000:0000:0000:0000:ffff:${high.padStart(4, '0')}:${low.padStart(4, '0')}]`,
    ...[`[::${address}]`, `[64:ff9b::${address}]`, `[64:FF9B::${high}:${low}]`, `[2002:${high}:${low}::1]`],
    ...[`[::ffff:${address}%25eth0]`, `[::ffff:${address}%eth0]`, `[[::ffff:${address}]]`, `[${address}]`],
    ...[`[::ffff:${address}].`, `::ffff:${address}`, fullWidth(`[::ffff:${address}]`), `%5B::ffff:${address}%5D`],
  ];
}

/** Hosts in every spelling that we know, hand-picked and made; each once. */
export const ALL_DISGUISED_HOSTS: readonly string[] = [
  ...new Set([...DISGUISED_HOSTS, ...TARGETS.flatMap((address) => [...v4Spellings(address), ...v6Spellings(address)])]),
];
