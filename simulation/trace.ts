/** Who did what when, for a person to read. Kept only where somebody asked for it. */
import { visibleJson } from '../src/spec/visible-text';

const MAX_TEXT = 220;

export class Trace {
  /** @param place what is said before everybody's name, where there are several places */
  constructor(private readonly now: () => number, private readonly begin: number, private readonly isKept: boolean,
    readonly lines: string[] = [], private readonly place = '') {}

  /** The same trace, of what is done in one of several places. */
  of(place: string): Trace {
    return new Trace(this.now, this.begin, this.isKept, this.lines, `${place} `);
  }

  add(who: string, what: string): void {
    if (this.isKept) this.lines.push(`${this.time()}  ${`${this.place}${who}`.padEnd(28)} ${what}`);
  }

  call(who: string, call: string, args: unknown[], fate = ''): void {
    if (!this.isKept) return;
    // Of a change of the job what it becomes tells most.
    const told = call === 'jobs.changeJob' ? [...args.slice(1), args[0]] : args;
    const given = told.map((arg) => visibleJson(arg)).join(', ');
    this.add(who, `${call}(${given.length <= MAX_TEXT ? given : `${given.slice(0, MAX_TEXT)}…`})${fate === '' ? '' : ` ${fate}`}`);
  }

  private time(): string {
    const total = (this.now() - this.begin) / 1000;
    const [days, hours, minutes] = [Math.floor(total / 86_400), Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60];
    const two = (number: number) => String(number).padStart(2, '0');
    return `${days > 0 ? `${days} d ` : ''}${two(hours)}:${two(minutes)}:${(total % 60).toFixed(3).padStart(6, '0')}`.padStart(17);
  }
}
