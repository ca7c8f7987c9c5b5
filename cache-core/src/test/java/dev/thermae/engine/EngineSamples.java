package dev.thermae.engine;

import dev.thermae.code.Source;
import java.util.List;

/**
 * Sources in the language of an engine, for its contract.
 *
 * @param working give a result each
 * @param functionText gives the text of a function in it, which is part of the source
 * @param failing throws an error of its own when it runs, in line {@code failingLine}
 * @param invalid does not compile, because of line {@code invalidLine}; 0 where there are no lines
 * @param calling gives what the host's {@code callback()} gives it
 * @param small a few operations, for damage of every kind
 */
public record EngineSamples(
    List<Source> working,
    Source functionText,
    Source failing,
    int failingLine,
    Source invalid,
    int invalidLine,
    Source calling,
    Source small) {}
