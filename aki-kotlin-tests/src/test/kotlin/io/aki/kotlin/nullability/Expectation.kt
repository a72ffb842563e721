package io.aki.kotlin.nullability

/**
 * A piece of Kotlin, and whether the compiler must object to it.
 */
internal data class Expectation(val subject: String, val code: String, val objection: Objection?) {

	fun isMetBy(diagnostics: List<String>): Boolean =
		if (objection == null) diagnostics.isEmpty()
		else diagnostics.isNotEmpty() && diagnostics.all(objection::isIn)

}

internal enum class Objection(private val messages: Regex) {

	/** The value may be null where it must not, so that no method of this name takes it, if there are several. */
	MAY_BE_NULL(Regex("type mismatch|none of the following candidates is applicable", RegexOption.IGNORE_CASE)),

	/** The value is never null, so that to ask whether it is makes no sense: a warning, made an error. */
	IS_NEVER_NULL(Regex("condition is always 'false'", RegexOption.IGNORE_CASE));

	fun isIn(diagnostic: String): Boolean = messages in diagnostic

}
