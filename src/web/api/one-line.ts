/** Text as the contract has it: one line without control characters, cut where it is longer than anybody reads. */
export function oneLine(text: string, longest: number): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, longest)
}
