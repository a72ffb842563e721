package io.aki.kotlin.nullability

/**
 * A piece of Kotlin, and whether the compiler must object to it.
 */
internal data class Expectation(val subject: String, val code: String, val objection: Objection?) {

	fun isMetBy(diagnostics: List<String>): Boolean =
		if (objection == null) diagnostics.isEmpty()
		else diagnostics.isNotEmpty() && diagnostics.all { it.contains(objection.message, ignoreCase = true) }

}

internal enum class Objection(val message: String) {

	/** The value may be null where it must not. */
	MAY_BE_NULL("mismatch"),

	/** The value is never null, so that to ask whether it is makes no sense: a warning, made an error. */
	IS_NEVER_NULL("condition is always 'false'"),

}
