package io.aki.spring.boot.autoconfigure;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.ConditionalGenericConverter;

/**
 * Converts to a {@link SecondsDuration}. Spring Boot converts other durations.
 */
final class SecondsDurationConverter implements ConditionalGenericConverter {

	/** More digits would take too long to compute. */
	private static final int MAX_SCALE = 100;

	@Override
	public Set<ConvertiblePair> getConvertibleTypes() {
		return Set.of(new ConvertiblePair(String.class, Duration.class),
				new ConvertiblePair(Number.class, Duration.class));
	}

	@Override
	public boolean matches(TypeDescriptor sourceType, TypeDescriptor targetType) {
		return targetType.hasAnnotation(SecondsDuration.class);
	}

	@Override
	public @Nullable Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
		String text = String.valueOf(source).strip();
		try {
			return text.matches("[+-]?[0-9]*\\.?[0-9]+([eE][+-]?[0-9]+)?") ? ofSeconds(new BigDecimal(text))
					: DurationStyle.detectAndParse(text);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// no cause, because a failure analysis shows the innermost message
			throw new IllegalArgumentException("'" + text
					+ "' is not a duration. Write seconds, such as 0.2, or a number with a unit, such as 200ms, 30s, 2m or 1h");
		}
	}

	/**
	 * A duration that is too long must not fail here, because Spring Boot would then
	 * convert the number as milliseconds. The check of the property rejects it.
	 */
	private static Duration ofSeconds(BigDecimal seconds) {
		if (Math.abs(seconds.scale()) > MAX_SCALE) {
			throw new ArithmeticException();
		}
		BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
		return Duration.ofSeconds(whole.longValueExact(), seconds.subtract(whole).movePointRight(9).longValueExact());
	}

}
