// In which language the page speaks.
import { LANGUAGES } from '../../ui/languages.ts';
import { useAttempt } from '../parts/attempt.ts';
import { Failure } from '../parts/form.tsx';
import { language, say, speakIn } from '../parts/language.ts';

/** A language that cannot be loaded leaves the one that is spoken. */
export function LanguageChoice() {
  const { failure, attempt } = useAttempt('unreachable');
  return (
    <div>
      <label class="hidden-text" for="language">
        {say('language')}
      </label>
      <select
        id="language"
        value={language.value}
        onChange={({ currentTarget: { value } }) => void attempt(() => speakIn(value))}
      >
        {LANGUAGES.map(({ tag, name }) => (
          <option key={tag} value={tag} selected={tag === language.value}>
            {name}
          </option>
        ))}
      </select>
      <Failure code={failure.value} />
    </div>
  );
}
