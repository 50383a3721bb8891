import { ChartsInView } from '../../../reporting/html/browser/charts-in-view.ts';
import { filterStatements } from '../../../reporting/html/browser/filter-statements.ts';
import { drawLines } from '../../../reporting/html/browser/line-chart.ts';
import { readPageData } from '../../../reporting/html/browser/read-page-data.ts';
import { switchThemes } from '../../../reporting/html/browser/theme-switch.ts';
import type { ComparisonData } from '../comparison-data.ts';
import { overlay } from './overlay.ts';

/* The page of a comparison: draws the curves of all runs over each other. */

const { sections } = readPageData<ComparisonData>();
const sectionOf = new Map(sections.map((each) => [each.id, each]));

const places = [...document.querySelectorAll<HTMLElement>('figure[data-chart] .plot')];
const charts = new ChartsInView(places, (place, width) => {
  const { id } = place.closest<HTMLElement>('section[data-statement]')!;
  const name = place.closest<HTMLElement>('[data-chart]')!.dataset['chart']!;
  return drawLines(place, width, overlay(name, sectionOf.get(id)!));
});
switchThemes(document.getElementById('theme')!, () => charts.redraw());
filterStatements(document.getElementById('filter') as HTMLInputElement);
