import type { ReportData, StatementCharts } from '../report-data.ts';
import { ChartsInView } from './charts-in-view.ts';
import { filterStatements } from './filter-statements.ts';
import type { Mark } from './marks.ts';
import { readPageData } from './read-page-data.ts';
import { drawStatementChart } from './statement-chart.ts';
import { switchThemes } from './theme-switch.ts';

/* The report of one run: draws charts where they come into view, switches colours, filters statements. */

const { statements, events, durationNs } = readPageData<ReportData>();
const chartsOf = new Map(statements.map((each) => [each.statementId, each]));

const places = [...document.querySelectorAll<HTMLElement>('figure[data-chart] .plot')];
const charts = new ChartsInView(places, (place, width) => {
  const { statementId, name } = whereOf(place);
  return drawStatementChart(
    name,
    place,
    width,
    chartsOf.get(statementId)!,
    marksOf(chartsOf.get(statementId)!),
  );
});
switchThemes(document.getElementById('theme')!, () => charts.redraw());
filterStatements(document.getElementById('filter') as HTMLInputElement);

function whereOf(place: HTMLElement): { readonly statementId: string; readonly name: string } {
  const section = place.closest<HTMLElement>('[data-statement]')!;
  const figure = place.closest<HTMLElement>('[data-chart]')!;
  return { statementId: section.dataset['statement']!, name: figure.dataset['chart']! };
}

/** What happened to the run or the statement, but for their own beginnings. */
function marksOf({ statementId }: StatementCharts): readonly Mark[] {
  return events
    .filter((event) => event.kind !== 'run' && event.kind !== 'statement')
    .filter(
      (event) =>
        event.statementId === undefined || event.statementId === statementId || event.kind === 'exec',
    )
    .map(({ startNs, endNs = durationNs, text, kind }) => ({
      atSeconds: startNs / 1e9,
      // A stage lasts until the next one, whose line ends it.
      untilSeconds: (kind === 'stage' ? startNs : endNs) / 1e9,
      text,
    }))
    .toSorted((a, b) => a.atSeconds - b.atSeconds);
}
