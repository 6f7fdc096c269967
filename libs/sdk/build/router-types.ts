/**
 * Writes the type of the whole router as one self-contained declaration. Bundling the server's own declarations would
 * carry services, models and zod into the published package; the router's type itself needs only inputs and outputs.
 */
import ts from 'typescript';

const ALLOWED_IMPORT = /^@trpc\/server(\/|$)/;

/** The text of a module that declares `AppRouter` and imports nothing but `@trpc/server`. Throws on anything else. */
export function generateRouterTypes(entryFile: string, tsconfigFile: string): string {
  const config = ts.getParsedCommandLineOfConfigFile(
    tsconfigFile,
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
      },
    },
  );
  if (!config) throw new Error(`No configuration at ${tsconfigFile}`);
  const program = ts.createProgram([entryFile], { ...config.options, noEmit: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entryFile);
  if (!source) throw new Error(`No source at ${entryFile}`);
  const moduleSymbol = checker.getSymbolAtLocation(source);
  const symbol = moduleSymbol && checker.getExportsOfModule(moduleSymbol).find(({ name }) => name === 'AppRouter');
  if (!symbol) throw new Error('AppRouter is not exported');
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

  const printer = ts.createPrinter({ removeComments: true });
  const declarations = new Map<string, string>();
  const imports = new Set<string>();

  /** A type without references into our own sources: those become declarations of this module. */
  function print(type: ts.Type, flags = ts.NodeBuilderFlags.InTypeAlias): string {
    const node = checker.typeToTypeNode(
      type,
      source,
      ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.UseFullyQualifiedType | flags,
    );
    if (!node || !source) throw new Error('The type can not be printed');
    const { transformed } = ts.transform(node, [localise]);
    const [root] = transformed;
    if (!root) throw new Error('The type can not be printed');
    return printer.printNode(ts.EmitHint.Unspecified, root, source);
  }

  const localise: ts.TransformerFactory<ts.TypeNode> = (context) => (root) => {
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isPropertySignature(node) && ts.isIdentifier(node.name) && node.name.text === 'ctx') {
        // What the server keeps about a request is no client's business.
        const object = ts.factory.createKeywordTypeNode(ts.SyntaxKind.ObjectKeyword);
        return ts.factory.updatePropertySignature(node, node.modifiers, node.name, node.questionToken, object);
      }
      if (ts.isImportTypeNode(node)) return visitImport(node);
      return ts.visitEachChild(node, visit, context);
    };
    const visitImport = (node: ts.ImportTypeNode): ts.Node => {
      const specifier =
        ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)
          ? node.argument.literal.text
          : '';
      const typeArguments = node.typeArguments?.map((argument) => ts.visitNode(argument, visit) as ts.TypeNode);
      const module = publicModule(specifier);
      if (module !== null) {
        imports.add(module);
        const argument = ts.factory.createLiteralTypeNode(ts.factory.createStringLiteral(module));
        return ts.factory.updateImportTypeNode(
          node,
          argument,
          node.attributes,
          node.qualifier,
          typeArguments,
          node.isTypeOf,
        );
      }
      if (!node.qualifier || !ts.isIdentifier(node.qualifier))
        throw new Error(`Can not publish a type of ${specifier}`);
      declare(specifier, node.qualifier.text);
      return ts.factory.createTypeReferenceNode(node.qualifier.text, typeArguments);
    };
    return visit(root) as ts.TypeNode;
  };

  function resolve(specifier: string): string {
    const { resolvedModule } = ts.resolveModuleName(specifier, entryFile, program.getCompilerOptions(), ts.sys);
    return resolvedModule?.resolvedFileName ?? specifier;
  }

  function declare(specifier: string, name: string): void {
    if (declarations.has(name)) return;
    const file = program.getSourceFile(resolve(specifier));
    const owner = file && checker.getSymbolAtLocation(file);
    const exported = owner && checker.getExportsOfModule(owner).find((candidate) => candidate.name === name);
    const original = exported && exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = original?.declarations?.[0];
    if (!file || !declaration || !(ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration))) {
      throw new Error(`Can not publish ${name} of ${specifier}: only interfaces and type aliases can be carried over`);
    }
    declarations.set(name, '');
    if (declaration.typeParameters?.length) throw new Error(`Can not publish the generic type ${name}`);
    const type = checker.getTypeAtLocation(declaration);
    if (ts.isInterfaceDeclaration(declaration)) {
      const members = type.getProperties().map((property) => {
        const optional = property.flags & ts.SymbolFlags.Optional ? '?' : '';
        return `  ${property.name}${optional}: ${print(checker.getTypeOfSymbol(property))};`;
      });
      declarations.set(name, `export interface ${name} {\n${members.join('\n')}\n}`);
    } else {
      declarations.set(name, `export type ${name} = ${print(type)};`);
    }
  }

  // By tRPC's name for a built router: spelled out, it holds all procedures twice.
  const router = print(checker.getDeclaredTypeOfSymbol(target), ts.NodeBuilderFlags.None);
  const body = `export type AppRouter = ${router};`;
  return ['/** Generated from the router: do not edit. */', ...declarations.values(), body, ''].join('\n\n');
}

/** The published name of a module of an allowed package; null for our own sources. Throws for any other package. */
function publicModule(specifier: string): string | null {
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(specifier);
  const name = inPackage ? (inPackage[1] ?? '') : specifier;
  if (ALLOWED_IMPORT.test(specifier)) return specifier;
  if (inPackage && ALLOWED_IMPORT.test(name)) {
    return inPackage[2]?.includes('unstable-core') ? '@trpc/server/unstable-core-do-not-import' : '@trpc/server';
  }
  if (inPackage) throw new Error(`The router's type refers to ${name}: type the procedure's output more narrowly`);
  return null;
}
