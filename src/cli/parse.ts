/** From the words of a command line to a command with its argument and options, or to help. */
import yargs, { type Argv } from 'yargs';
import type { Command } from './command.js';
import { errors } from './errors.js';
import { type OptionName, type OptionValues, options, parseOptions, wordOf } from './options.js';
import { productVersion } from './version.js';

/** What a command line asks for. */
export type Parsed =
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly argument: string;
      readonly options: OptionValues<OptionName>;
    }
  /** `--help` or `--version`. */
  | { readonly kind: 'text'; readonly text: string }
  /** No command was named: what there is. */
  | { readonly kind: 'help'; readonly text: string };

type Given = Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] };

/**
 * @param words of the command line, after the program's name
 * @param width characters a line of help may have
 * @throws CLI_…
 */
export function parse(
  words: readonly string[],
  commands: readonly Command[],
  groups: Readonly<Record<string, string>>,
  width: number,
): Parsed {
  const parser = build(commands, groups, width);
  let output = '';
  const given = parser.parse(withDashes(words), {}, (_: unknown, __: unknown, text: string) => {
    output = text;
  }) as Given;
  if (output !== '') return { kind: 'text', text: output };
  const named = given._.map(String);
  const command = commands.find((one) => one.words.every((word, index) => named[index] === word));
  if (command !== undefined) return parseCommand(command, given, named.slice(command.words.length));
  requireKnown('tfjs-tuner', named.length > 0 ? { _: [] } : given, ['version'], []);
  return helpOrComplain(named, commands, groups, width);
}

/**
 * `--input -` as `--input=-`, and `--target -1e-3` as `--target=-1e-3`: the parser takes a lone dash for an argument, and such a number for
 * options.
 */
function withDashes(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const isValue = /^-(\.?\d.*)?$/.test(word) && /^--[^=]+$/.test(joined.at(-1) ?? '');
    if (isValue) joined.push(`${joined.pop()}=${word}`);
    else joined.push(word);
  }
  return joined;
}

/** The parser is there for splitting words and for help: what it would accept or refuse silently is checked by us. */
function build(commands: readonly Command[], groups: Readonly<Record<string, string>>, width: number): Argv {
  const parser = configure(yargs(), width).usage('$0 <command>');
  for (const command of commands.filter(({ words }) => words.length === 1)) addCommand(parser, command, width);
  for (const [word, description] of Object.entries(groups)) {
    parser.command(word, description, (group) => {
      configure(group, width);
      for (const command of commands.filter(({ words }) => words[0] === word)) addCommand(group, command, width);
      return group;
    });
  }
  return parser;
}

function configure(parser: Argv, width: number): Argv {
  return (
    parser
      .scriptName('tfjs-tuner')
      .locale('en')
      .wrap(width)
      .exitProcess(false)
      // its complaints name neither what was given nor what to do
      .fail(() => undefined)
      .updateStrings({ string: 'value', boolean: 'flag' })
      .help()
      .alias('help', 'h')
      .version(productVersion())
      .parserConfiguration({
        'camel-case-expansion': false,
        'dot-notation': false,
        'boolean-negation': false,
        'parse-numbers': false,
        'parse-positional-numbers': false,
      })
  );
}

function addCommand(parser: Argv, { words, description, argument, options: names }: Command, width: number): void {
  const word = words.at(-1)!;
  parser.command(argument ? `${word} <${argument.name}>` : word, description, (command) => {
    configure(command, width).usage(
      `$0 ${[...words, ...(argument ? [argument.name.toUpperCase()] : [])].join(' ')}\n\n${description}`,
    );
    if (argument) command.positional(argument.name, { type: 'string', describe: argument.description });
    for (const name of names) {
      const option = options[name];
      command.option(wordOf(name), {
        type: option.kind === 'flag' ? 'boolean' : 'string',
        describe: option.description,
      });
    }
    return command;
  });
}

function parseCommand(command: Command, given: Given, rest: readonly string[]): Parsed {
  const { words, argument, options: names } = command;
  const name = words.join(' ');
  requireKnown(`tfjs-tuner ${name}`, given, names.map(wordOf), argument ? [argument.name] : []);
  const value = argument ? given[argument.name] : '';
  if (argument && (value === undefined || value === '')) {
    throw errors.CLI_MISSING_ARGUMENT({ command: name, argument: argument.name });
  }
  if (rest.length > 0) throw errors.CLI_UNEXPECTED_ARGUMENT({ command: name, given: rest[0]! });
  const values = parseOptions(names, given) as OptionValues<OptionName>;
  return { kind: 'command', command, argument: String(value), options: values };
}

function requireKnown(command: string, given: Given, names: readonly string[], others: readonly string[]): void {
  const allowed = new Set([...names, ...others, 'help', 'h', 'version', '_', '$0']);
  const unknown = Object.keys(given).find((key) => !allowed.has(key));
  if (unknown === undefined) return;
  const known = [...names, 'help'].map((name) => `--${name}`);
  throw errors.CLI_UNKNOWN_OPTION({ given: unknown.length === 1 ? `-${unknown}` : `--${unknown}`, command, known });
}

function helpOrComplain(
  named: readonly string[],
  commands: readonly Command[],
  groups: Readonly<Record<string, string>>,
  width: number,
): Parsed {
  const [first, second] = named;
  const inGroup = first !== undefined && Object.hasOwn(groups, first);
  const known = inGroup
    ? commands.filter(({ words }) => words[0] === first).map(({ words }) => words[1]!)
    : [...new Set(commands.map(({ words }) => words[0]!))];
  const unknown = inGroup ? second : first;
  if (unknown !== undefined) throw errors.CLI_UNKNOWN_COMMAND({ given: unknown, known });
  const help = parse([...(inGroup ? [first] : []), '--help'], commands, groups, width);
  return { kind: 'help', text: help.kind === 'text' ? help.text : '' };
}
