package io.aki.kotlin.nullability

/**
 * A piece of Kotlin, and whether the compiler must object to it.
 */
internal data class Expectation(val subject: String, val code: String, val objection: Objection?) {

	fun isMetBy(diagnostics: List<String>): Boolean =
		if (objection == null) diagnostics.isEmpty()
		else diagnostics.isNotEmpty() && diagnostics.all { objection.message in it }

}

internal enum class Objection(val message: String) {

	/** The value may be null where it must not, which is an error. */
	MAY_BE_NULL("mismatch"),

	/** The value is never null, so that there is no need to provide for it, which is a warning. */
	IS_NEVER_NULL("always returns the left operand of non-nullable type"),

}
