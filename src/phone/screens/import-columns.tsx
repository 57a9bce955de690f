// A table of which nothing says what is what: the person says it, and sees what would be read.
import { useSignal } from '@preact/signals';
import { SelectField, submits } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { COLUMNS, type Columns, type Preview } from '../transfer/importers/entry.ts';

/** Letters of a column's name or example that a small phone shows. */
const SHOWN = 30;
const short = (text = ''): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

export function ImportColumns(props: { table: Preview; busy: boolean; onChosen: (columns: Columns) => void }) {
  const { names, rows, guess } = props.table;
  const chosen = useSignal(guess);
  const { password, totp } = chosen.value;
  const choose = (column: keyof Columns, place: string) => {
    const { [column]: _before, ...others } = chosen.value;
    chosen.value = place === '' ? others : { ...others, [column]: Number(place) };
  };
  return (
    <form onSubmit={submits(() => props.onChosen(chosen.value))}>
      <h2>{say('importColumns')}</h2>
      {COLUMNS.map((column) => (
        <SelectField
          key={column}
          id={`column-${column}`}
          label={say(`column_${column}`)}
          all={['', ...names.map((_name, at) => String(at))]}
          chosen={String(chosen.value[column] ?? '')}
          nameOf={(place) => (place === '' ? say('columnNone') : short(names[Number(place)] || `${Number(place) + 1}`))}
          onChoose={(place) => choose(column, place)}
        />
      ))}
      <h2 id="columns-preview">{say('importColumnsPreview')}</h2>
      <ul class="plain" aria-labelledby="columns-preview">
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows never change
          <li key={at}>
            {COLUMNS.flatMap((column) => {
              const cell = row[chosen.value[column] ?? -1] ?? '';
              const isSecret = column === 'password' || column === 'totp';
              return cell === '' ? [] : [`${say(`column_${column}`)}: ${isSecret ? '••••' : short(cell)}`];
            }).join(' · ')}
          </li>
        ))}
      </ul>
      <button type="submit" class="primary" disabled={props.busy || (password === undefined && totp === undefined)}>
        {say('openFile')}
      </button>
    </form>
  );
}
