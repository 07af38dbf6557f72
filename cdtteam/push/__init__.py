"""The doorbell on people's phones and browsers: subscriptions, keys, deliveries, and the channel that sends them."""
