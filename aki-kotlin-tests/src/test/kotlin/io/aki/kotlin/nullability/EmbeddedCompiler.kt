package io.aki.kotlin.nullability

import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.writeText
import org.jetbrains.kotlin.cli.common.messages.MessageRenderer
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler

/**
 * Compiles Kotlin code only to get the diagnostics of the compiler.
 */
internal class EmbeddedCompiler(private val directory: Path) {

	/** Return the diagnostics of the compiler for each line. The first line has the number 0. */
	fun diagnostics(lines: List<String>): Map<Int, List<String>> {
		val file = directory.resolve("Lines.kt")
		file.writeText(lines.joinToString("\n"))
		val output = ByteArrayOutputStream()
		PrintStream(output).use {
			K2JVMCompiler().exec(
				it, MessageRenderer.PLAIN_RELATIVE_PATHS, "-no-stdlib", "-no-reflect",
				"-Xwarning-level=SENSELESS_COMPARISON:error", "-classpath", System.getProperty("java.class.path"),
				"-d", directory.toString(), file.toString(),
			)
		}
		val text = output.toString()
		val found = DIAGNOSTIC.findAll(text).toList()
		check(found.isNotEmpty()) { "The compiler says nothing of the lines: $text" }
		return found.groupBy({ it.groupValues[1].toInt() - 1 }, { it.groupValues[2] })
	}

	private companion object {

		val DIAGNOSTIC = Regex("""^.*Lines\.kt:(\d+):\d+: ((?:error|warning): .*)$""", RegexOption.MULTILINE)

	}

}
