import { Silence } from '../../src/delivery/silence.js';

const start = Date.UTC(2031, 0, 1);
const at = (seconds: number): Date => new Date(start + seconds * 1_000);

describe('an endpoint', () => {
  let silence: Silence;
  beforeEach(() => (silence = new Silence()));

  const notAnswered = (from: number, to: number): void => silence.note('one', false, at(from), at(to));
  const answered = (from: number, to: number): void => silence.note('one', true, at(from), at(to));
  const leftAlone = (now: number): number => Math.max(0, (silence.until('one').getTime() - start) / 1_000 - now);

  it('that never answers is left alone, longer each time, and for a minute at the most', () => {
    expect(leftAlone(0)).toBe(0);
    const times: number[] = [];
    for (let now = 0; times.length < 6; now += 100) {
      notAnswered(now, now + 15);
      times.push(leftAlone(now + 15));
    }
    expect(times).toEqual([5, 10, 20, 40, 60, 60]);
    expect(silence.isSilent('one')).toBe(true);
  });

  it('that lets several calls at a time wait counts as silent once', () => {
    for (let call = 0; call < 8; call += 1) notAnswered(0, 15);
    expect(leftAlone(15)).toBe(5);
  });

  it('that answers others meanwhile is not silent', () => {
    answered(3, 4);
    notAnswered(0, 15);
    expect(leftAlone(15)).toBe(0);
    expect(silence.isSilent('one')).toBe(false);
  });

  it('that answers again is silent no more', () => {
    notAnswered(0, 15);
    notAnswered(20, 35);
    answered(45, 46);
    expect(leftAlone(46)).toBe(0);
    notAnswered(50, 65);
    expect(leftAlone(65)).toBe(5);
  });
});
