import { TextInput, type TextInputProps } from '@mantine/core';

const DIGITS = 6;

interface CodeInputProps extends Omit<TextInputProps, 'onChange' | 'value' | 'defaultValue'> {
  value?: string;
  onChange?: (code: string) => void;
  /** Told when the last digit is there, so that nobody has to press a button. */
  onComplete?: (code: string) => void;
}

/** For the six digits of an authenticator app; browsers and phones fill it in by themselves. */
export function CodeInput({ value = '', onChange, onComplete, ...rest }: CodeInputProps) {
  return (
    <TextInput
      inputMode="numeric"
      autoComplete="one-time-code"
      placeholder="000000"
      maxLength={DIGITS + 1}
      styles={{ input: { fontSize: '1.25rem', letterSpacing: '0.35em', fontVariantNumeric: 'tabular-nums' } }}
      {...rest}
      value={value}
      onChange={({ currentTarget }) => {
        const code = currentTarget.value.replaceAll(/\D/g, '').slice(0, DIGITS);
        onChange?.(code);
        if (code.length === DIGITS && code !== value) onComplete?.(code);
      }}
    />
  );
}
