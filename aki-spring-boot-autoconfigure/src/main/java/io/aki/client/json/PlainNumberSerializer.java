package io.aki.client.json;

import java.math.BigDecimal;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteCapability;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes floating-point numbers from 0.000001 to 10<sup>16</sup> without an exponent:
 * {@code 1795560282.29}, not {@code 1.79556028229E9}.
 *
 * @param <T> the type of the numbers
 * @since 1.0.0
 */
public final class PlainNumberSerializer<T extends Number> extends StdSerializer<T> {

	private static final double MIN = 1e-6;

	private static final double MAX = 1e16;

	PlainNumberSerializer(Class<T> type) {
		super(type);
	}

	@Override
	public void serialize(T value, JsonGenerator generator, SerializationContext context) {
		write(value, generator);
	}

	/**
	 * Write a {@link Double} or {@link Float}. {@code NaN} and infinite numbers are
	 * written as {@code null}.
	 * @param value the number
	 * @param generator the generator to write to
	 */
	public static void write(Number value, JsonGenerator generator) {
		double magnitude = Math.abs(value.doubleValue());
		if (!Double.isFinite(magnitude)) {
			generator.writeNull();
		}
		else if (magnitude >= MIN && magnitude < MAX && value.toString().indexOf('E') >= 0
				&& generator.streamWriteCapabilities().isEnabled(StreamWriteCapability.CAN_WRITE_FORMATTED_NUMBERS)) {
			BigDecimal plain = new BigDecimal(value.toString()).stripTrailingZeros();
			generator.writeNumber(plain.setScale(Math.max(plain.scale(), 1)).toPlainString());
		}
		else if (value instanceof Float number) {
			generator.writeNumber(number.floatValue());
		}
		else {
			generator.writeNumber(value.doubleValue());
		}
	}

}
