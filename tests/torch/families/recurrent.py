"""RNN, LSTM, GRU and their cells."""

from cases import Family

cases = Family()


def case(name, layers, forward, *inputs, **options):
    cases.graph(name, layers, forward, *inputs, **{"values": "full"} | options)


Y = "(x) { let (y, _) = rnn(x); y }"
YH = "(x) { let (y, h) = rnn(x); (y, h) }"
YHC = "(x) { let (y, (h, c)) = rnn(x); (y, h, c) }"
FROM_H = "(x, h) { let (y, h) = rnn(x, h); (y, h) }"
FROM_HC = "(x, h, c) { let (y, (h, c)) = rnn(x, (h, c)); (y, h, c) }"

case("rnn", "rnn: RNN(3, 5)", YH, [4, 3], f64=True)
case("rnn_relu", 'rnn: RNN(3, 5, nonlinearity = "relu")', YH, [4, 3])
case("rnn_one_step", "rnn: RNN(2, 3)", YH, [1, 2], batch=1)
case("rnn_without_bias", "rnn: RNN(3, 4, bias = false)", YH, [5, 3])
case("rnn_positional", 'rnn: RNN(3, 4, 2, "tanh", false, true, 0.0, true)', FROM_H, [5, 3], [4, 4])
case("rnn_bidirectional", "rnn: RNN(3, 4, bidirectional = true)", YH, [5, 3], f64=True)
case("rnn_three_layers", "rnn: RNN(3, 4, num_layers = 3)", FROM_H, [5, 3], [3, 4])
case("rnn_sequence_only", "rnn: RNN(3, 4, 2)", Y, [5, 3])

case("gru", "rnn: GRU(3, 5)", YH, [4, 3], f64=True)
case("gru_state", "rnn: GRU(3, 5)", FROM_H, [4, 3], [1, 5], f64=True)
case("gru_one", "rnn: GRU(1, 1)", YH, [1, 1], batch=1)
case("gru_without_bias", "rnn: GRU(3, 4, bias = false)", FROM_H, [7, 3], [1, 4])
case("gru_both_ways", "rnn: GRU(3, 4, 2, bidirectional = true)", FROM_H, [5, 3], [4, 4], f64=True)
case("gru_sequence_only", "rnn: GRU(2, 17)", Y, [9, 2])

case("lstm", "rnn: LSTM(4, 3)", YHC, [3, 4], f64=True)
case("lstm_state", "rnn: LSTM(4, 3, 1)", FROM_HC, [3, 4], [1, 3], [1, 3], f64=True)
case("lstm_one", "rnn: LSTM(1, 1)", YHC, [1, 1], batch=1)
case("lstm_audio", "rnn: LSTM(1, 20), fc: Linear(20, 1)", "(x) { let (y, _) = rnn(x); fc(y) }", [11, 1])
case("lstm_without_bias", "rnn: LSTM(3, 4, bias = false)", FROM_HC, [7, 3], [1, 4], [1, 4])
case("lstm_two_layers", "rnn: LSTM(3, 5, 2)", FROM_HC, [6, 3], [2, 5], [2, 5])
case("lstm_both_ways", "rnn: LSTM(3, 4, bidirectional = true)", YHC, [5, 3])
case("lstm_both_ways_two_layers", "rnn: LSTM(3, 4, 2, bidirectional = true, batch_first = true)", FROM_HC, [5, 3], [4, 4], [4, 4], f64=True)
case("lstm_projection", "rnn: LSTM(3, 5, proj_size = 2)", FROM_HC, [4, 3], [1, 2], [1, 5], f64=True)
case("lstm_projection_both_ways", "rnn: LSTM(3, 5, 2, bidirectional = true, proj_size = 2)", FROM_HC, [4, 3], [4, 2], [4, 5], f64=True)
case("lstm_projection_without_bias", "rnn: LSTM(2, 3, bias = false, proj_size = 1)", YHC, [4, 2])
case("lstm_cell_unused", "rnn: LSTM(3, 4)", "(x) { let (y, (h, _)) = rnn(x); (y, h) }", [5, 3])
case("lstm_shared", "rnn: LSTM(3, 3)", "(x) { let (y, s) = rnn(x); let (z, _) = rnn(y, s); z }", [4, 3])

case("rnn_cell", "cell: RNNCell(3, 5)", "(x) { cell(x) }", [3])
case("rnn_cell_relu", 'cell: RNNCell(3, 5, true, "relu")', "(x, h) { cell(x, h) }", [3], [5], f64=True)
case("gru_cell", "cell: GRUCell(3, 5)", "(x, h) { cell(x, h) }", [3], [5], f64=True)
case("gru_cell_alone", "cell: GRUCell(3, 2, bias = false)", "(x) { cell(x) }", [3])
case("lstm_cell", "cell: LSTMCell(4, 3)", "(x, h, c) { let (h, c) = cell(x, (h, c)); (h, c) }", [4], [3], [3], f64=True)
case("lstm_cell_alone", "cell: LSTMCell(2, 7, bias = false)", "(x) { let (h, c) = cell(x); (h, c) }", [2], batch=1)
case("lstm_cell_chain", "cell: LSTMCell(3, 3)", "(x) { let (h, c) = cell(x); let (h, c) = cell(h, (h, c)); let (h, _) = cell(x, (h, c)); h }", [3])
