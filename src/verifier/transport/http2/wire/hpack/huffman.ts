/**
 * The lengths of the codes of the bytes 0 to 255 and of EOS, in base 36: RFC 7541, appendix B. The codes follow from them: shorter ones
 * first, among equally long ones by the byte.
 */
const LENGTHS =
  "dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6cad67777777777777777777777878djde6f56565666577666567655677777fbeds" +
  "kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmnqqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrqu";
const EOS = 256;

/** For each node of the code's tree two numbers, for the bits 0 and 1: the next node, or the complement of a symbol. */
const TREE = treeOf(LENGTHS);

/**
 * The text, one char a byte, of a Huffman-encoded string from `start` to `end`. Undefined if it is malformed: it holds EOS, or ends with
 * anything but up to seven bits of ones.
 */
export function huffmanText(bytes: Buffer, start: number, end: number): string | undefined {
  let text = "";
  let node = 0;
  let bitsOfCode = 0;
  let isOnes = true;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    for (let shift = 7; shift >= 0; shift--) {
      const bit = (byte >> shift) & 1;
      const next = TREE[2 * node + bit] as number;
      bitsOfCode++;
      isOnes &&= bit === 1;
      if (next >= 0) {
        node = next;
        continue;
      }
      if (~next === EOS) return undefined;
      text += String.fromCharCode(~next);
      node = 0;
      bitsOfCode = 0;
      isOnes = true;
    }
  }
  return isOnes && bitsOfCode < 8 ? text : undefined;
}

function treeOf(lengths: string): Int16Array {
  const bits = [...lengths].map((digit) => Number.parseInt(digit, 36));
  const order = [...bits.keys()].sort((a, b) => (bits[a] as number) - (bits[b] as number) || a - b);
  const tree = new Int16Array(2 * bits.length);
  let nodes = 1;
  let code = 0;
  let length = 0;
  for (const symbol of order) {
    const longer = bits[symbol] as number;
    code *= 2 ** (longer - length);
    length = longer;
    let node = 0;
    for (let bit = length - 1; bit > 0; bit--) {
      const at = 2 * node + (Math.floor(code / 2 ** bit) & 1);
      if (tree[at] === 0) tree[at] = nodes++;
      node = tree[at] as number;
    }
    tree[2 * node + (code & 1)] = ~symbol;
    code++;
  }
  return tree;
}
